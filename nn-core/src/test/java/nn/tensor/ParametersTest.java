package nn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import java.util.List;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.tensor.Parameter.Kind;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ParametersTest {
  private static final Initializer UNIFORM =
      (shape, random) -> random.doubles(shape.size(), 1, 2).toArray();

  private final Backend backend = new ReferenceBackend();
  private final Parameter bias = parameter("bias", Kind.BIAS, 5);
  private final Parameter weight = parameter("weight", Kind.WEIGHT, 3, 7);
  private final Parameter mean = parameter("mean", Kind.STATE, 5);
  private final Parameter second = parameter("second", Kind.WEIGHT, 4, 4);
  private final List<Parameter> declared = List.of(bias, weight, mean, second);
  private final Parameters parameters = new Parameters(backend, DType.F32, declared, 42);

  private static Parameter parameter(String name, Kind kind, int... dims) {
    return new Parameter(name, Shape.of(dims), kind, UNIFORM);
  }

  @AfterEach
  void close() {
    parameters.close();
    backend.close();
  }

  @Test
  void kindsAreGroupedAndArraysAligned() {
    assertThat(offset(weight)).isEqualTo(0);
    assertThat(offset(second)).isEqualTo(32);
    assertThat(offset(bias)).isEqualTo(48);
    assertThat(offset(mean)).isEqualTo(64);
    assertThat(parameters.range(Kind.WEIGHT).shape().size()).isEqualTo(48);
    assertThat(parameters.range(Kind.BIAS).offset()).isEqualTo(48);
    assertThat(parameters.values(Kind.STATE).shape()).isEqualTo(Shape.of(16));
    assertThat(parameters.gradients().shape()).isEqualTo(Shape.of(64));
    assertThat(parameters.gradient(bias).layout()).isEqualTo(parameters.value(bias).layout());
  }

  private int offset(Parameter parameter) {
    return parameters.value(parameter).layout().offset();
  }

  @Test
  void gapsAreZero() {
    double[] flat = HostArrays.read(backend, parameters.values(Kind.WEIGHT));
    assertThat(Arrays.copyOfRange(flat, 0, 21)).doesNotContain(0);
    assertThat(Arrays.copyOfRange(flat, 21, 32)).containsOnly(0);
  }

  @Test
  void countsTrainedValuesOnly() {
    assertThat(parameters.count()).isEqualTo(5 + 21 + 16);
    assertThat(parameters.declared()).containsExactlyElementsOf(declared);
  }

  @Test
  void theSeedDecidesInitialValues() {
    try (Parameters same = new Parameters(backend, DType.F32, declared, 42);
        Parameters other = new Parameters(backend, DType.F32, declared, 43)) {
      for (Parameter p : declared) {
        assertThat(same.read(p)).containsExactly(parameters.read(p));
        assertThat(other.read(p)).isNotEqualTo(parameters.read(p));
      }
    }
  }

  /** So a layer can be given other initial values without changing those of the others. */
  @Test
  void eachParameterDrawsFromAGeneratorOfItsOwn() {
    Parameter constant =
        new Parameter("bias", Shape.of(5), Kind.BIAS, (shape, random) -> new double[5]);
    List<Parameter> changed = List.of(constant, weight, mean, second);
    try (Parameters others = new Parameters(backend, DType.F32, changed, 42)) {
      assertThat(others.read(weight)).containsExactly(parameters.read(weight));
      assertThat(others.read(second)).containsExactly(parameters.read(second));
    }
  }

  @Test
  void aSharedParameterIsKeptOnce() {
    try (Parameters shared =
        new Parameters(backend, DType.F32, List.of(weight, bias, weight), 42)) {
      assertThat(shared.declared()).containsExactly(weight, bias);
      assertThat(shared.count()).isEqualTo(26);
      assertThat(shared.gradients().shape()).isEqualTo(Shape.of(48));
    }
  }

  @Test
  void valuesAreWrittenAndRead() {
    double[] values = {1, 2, 3, 4, 5};
    parameters.write(bias, values);
    assertThat(parameters.read(bias)).containsExactly(values);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters.write(bias, new double[4]))
        .withMessageContaining("bias[5]");
  }

  @Test
  void whatWasNotDeclaredOrHasNoGradientIsRefused() {
    Parameter stranger = parameter("stranger", Kind.WEIGHT, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> parameters.value(stranger))
        .withMessageContaining("parameters()");
    assertThatIllegalArgumentException().isThrownBy(() -> parameters.gradient(mean));
  }

  @Test
  void stateIsAssignedTrainedValuesAreNot() {
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      Tensor ones = scope.fill(Shape.of(5), 1);
      scope.assign(mean, ones);
      assertThat(parameters.read(mean)).containsOnly(1);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> scope.assign(bias, ones))
          .withMessageContaining("bias");
    }
  }

  @Test
  void gradientsGoToTheirPlaceAndLeaveTheGapsZero() {
    try (Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      scope.backward(scope.of(weight).sum().add(scope.of(bias).mul(3).sum().reshape(1, 1)));
    }
    Operand all = parameters.gradients();
    double[] flat = HostArrays.read(backend, all);
    double[] expected = new double[64];
    Arrays.fill(expected, 0, 21, 1);
    Arrays.fill(expected, 48, 53, 3);
    assertThat(flat).containsExactly(expected);
  }

  @Test
  void noParametersAtAll() {
    try (Parameters none = Parameters.none(backend, DType.F32)) {
      assertThat(none.count()).isZero();
      assertThat(none.values(Kind.WEIGHT).shape()).isEqualTo(Shape.of(0));
    }
  }
}
