package nn.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.IntStream;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.init.Initializers;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Window;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ArchitectureTest {

  private static final Layer EVERY_LAYER =
      Sequential.of(
          new Reshape(Shape.of(2, 3)),
          new LayerNorm(3, 1e-3),
          new Flatten(),
          new Linear(6, 4, Initializers.he()),
          new BatchNorm(4, 0.8, 1e-4),
          new Activation(Activations::relu),
          new Dropout(0.25),
          new Activation(x -> x.mul(x.mul(1.702).sigmoid())),
          Sequential.of(new Linear(4, 3, Initializers.he()), new LogSoftmax()),
          new Softmax());

  @Test
  void isReadable() {
    assertThat(Architecture.of(EVERY_LAYER))
        .isEqualTo(
            "sequential(reshape(2, 3), layer-norm(3, 0.001), flatten, linear(6, 4), "
                + "batch-norm(4, 0.8, 1.0E-4), relu, dropout(0.25), "
                + "activation(mul(x, sigmoid(mul(x, 1.702)))), "
                + "sequential(linear(4, 3), log-softmax), softmax)");
  }

  @Test
  void whatIsDescribedIsBuiltAgain() {
    Layer rebuilt = Architecture.parse(Architecture.of(EVERY_LAYER));
    assertThat(Architecture.of(rebuilt)).isEqualTo(Architecture.of(EVERY_LAYER));
    assertThat(rebuilt.named().keySet()).isEqualTo(EVERY_LAYER.named().keySet());
    assertThat(output(rebuilt)).containsExactly(output(EVERY_LAYER));
  }

  /** With the parameters of one seed; the rebuilt model's own would be zero. */
  private static double[] output(Layer model) {
    try (ReferenceBackend backend = new ReferenceBackend();
        Parameters parameters = new Parameters(backend, DType.F64, model.parameters(), 1)) {
      for (Parameter p : model.parameters()) {
        parameters.write(
            p, IntStream.range(0, p.shape().size()).mapToDouble(i -> 0.1 + i % 7).toArray());
      }
      try (Scope scope = new Scope(backend, parameters, Mode.EVALUATE)) {
        double[] values = IntStream.range(0, 12).mapToDouble(i -> i * i % 5).toArray();
        return model.forward(scope.constant(Shape.of(2, 6), values), scope).toDoubles();
      }
    }
  }

  @Test
  void windowsAreShortWhereTheyAreTheUsualOnes() {
    Window odd = new Window(5, 3, 2, 1, 1, 0);
    Layer model =
        Sequential.of(
            new Conv2d(3, 8, Window.of(5), Initializers.he()),
            new MaxPool2d(2),
            new Conv2d(8, 4, odd, Initializers.he()),
            new MaxPool2d(odd),
            new AvgPool2d(2),
            new AvgPool2d(Window.of(2)));
    String text = Architecture.of(model);
    assertThat(text)
        .isEqualTo(
            "sequential(conv2d(3, 8, 5), max-pool2d(2), conv2d(8, 4, 5, 3, 2, 1, 1, 0), "
                + "max-pool2d(5, 3, 2, 1, 1, 0), avg-pool2d(2), avg-pool2d(2, 2, 1, 1, 0, 0))");
    Sequential rebuilt = (Sequential) Architecture.parse(text);
    assertThat(Architecture.of(rebuilt)).isEqualTo(text);
    assertThat(rebuilt.layers().get(1)).isEqualTo(new MaxPool2d(2));
    assertThat(rebuilt.layers().get(3)).isEqualTo(new MaxPool2d(odd));
    assertThat(rebuilt.layers().get(5)).isEqualTo(new AvgPool2d(Window.of(2)));
    Conv2d conv = (Conv2d) rebuilt.layers().get(2);
    assertThat(conv.window()).isEqualTo(odd);
    assertThat(rebuilt.named()).containsEntry("2.weight", conv.weight());
    assertThat(conv.weight().shape()).isEqualTo(Shape.of(5, 3, 8, 4));
  }

  @Test
  void everyNamedActivationKeepsItsName() {
    for (String name : Activations.names()) {
      assertThat(Architecture.of(new Activation(Activations.named(name)))).isEqualTo(name);
      assertThat(Architecture.of(Architecture.parse(name))).isEqualTo(name);
    }
  }

  @Test
  void whatCannotBeDescribedIsToldOf() {
    Layer own = (x, scope) -> x;
    assertThatThrownBy(() -> Architecture.of(own)).hasMessageContaining("no layer that a file can");
    Layer shared = new Linear(3, 3, Initializers.he());
    assertThatThrownBy(() -> Architecture.of(Sequential.of(shared, shared)))
        .hasMessageContaining("occurs twice");
    assertThatThrownBy(() -> Architecture.of(new Activation(x -> nn.expr.Expr.index(0).toFloat())))
        .hasMessageContaining("cannot be described");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "linear(3)|takes 2 arguments",
        "linear(3, four)|no whole number",
        "linear(3, relu(4))|where a number belongs",
        "linear(0, 3)|at least one",
        "linear(3, 4|expected",
        "relu relu|more text",
        "sequential(relu, )|a name expected",
        "tulip|no layer is called \"tulip\"; there are: activation, avg-pool2d",
        "conv2d(1, 24)|takes 3 or 8 arguments",
        "conv2d(0, 24, 5)|at least one channel",
        "conv2d(1, 24, five)|no whole number",
        "max-pool2d|takes 1 or 6 arguments",
        "max-pool2d(0)|a size and a stride of at least 1",
        "avg-pool2d(2, 2)|takes 1 or 6 arguments",
        "avg-pool2d(2, 2, 0, 1, 0, 0)|a size and a stride of at least 1",
        "relu(1)|takes 0 arguments",
        "activation(frobnicate(x))|no operation",
        "activation(mul(x))|does not take",
        "''|ends where a name"
      })
  void whatIsNoArchitectureIsToldOf(String text, String message) {
    assertThatThrownBy(() -> Architecture.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }
}
