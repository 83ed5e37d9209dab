package nn.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.train.ParameterUpdate;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class WeightDecayTest {
  private static final double LEARNING_RATE = 0.1;
  private static final double STRENGTH = 0.3;

  /** The loss is the sum, so every gradient is 1. */
  private static double[] step(Parameter.Kind kind, Optimizer optimizer) {
    Parameter p = new Parameter("p", Shape.of(2), kind, (shape, random) -> new double[] {2, -1});
    try (var backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F64, List.of(p), 0);
        ParameterUpdate update = new ParameterUpdate(parameters, optimizer);
        Scope scope = new Scope(backend, parameters, Mode.TRAIN)) {
      scope.backward(scope.of(p).sum());
      update.apply(scope, LEARNING_RATE, 1);
      return parameters.read(p);
    }
  }

  @Test
  void pullsWeightsToZero() {
    assertThat(step(Parameter.Kind.WEIGHT, new WeightDecay(new Sgd(), STRENGTH)))
        .containsExactly(
            new double[] {2 - 0.1 * (1 + 0.3 * 2), -1 - 0.1 * (1 - 0.3)}, Offset.offset(1e-12));
  }

  @Test
  void leavesBiasesAlone() {
    assertThat(step(Parameter.Kind.BIAS, new WeightDecay(new Sgd(), STRENGTH)))
        .containsExactly(new double[] {1.9, -1.1}, Offset.offset(1e-12));
  }

  @Test
  void comesBeforeAnyRule() {
    double[] decayed = step(Parameter.Kind.WEIGHT, new WeightDecay(new AdaGrad(), STRENGTH));
    assertThat(decayed).containsExactly(new double[] {1.9, -1.1}, Offset.offset(1e-6));
    WeightDecay adam = new WeightDecay(new Adam(), STRENGTH);
    assertThat(adam.scalars(0.001, 3)).containsExactly(new Adam().scalars(0.001, 3)[0], STRENGTH);
    assertThat(adam.states()).isEqualTo(2);
    assertThat(adam.defaultLearningRate()).isEqualTo(0.001);
  }

  @Test
  void refusesWhatIsNoStrength() {
    assertThatThrownBy(() -> new WeightDecay(new Sgd(), -1)).hasMessageContaining("-1");
    assertThatThrownBy(() -> new WeightDecay(new Sgd(), Double.NaN)).hasMessageContaining("NaN");
  }
}
