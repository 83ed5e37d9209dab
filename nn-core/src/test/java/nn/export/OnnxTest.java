package nn.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import nn.init.Initializers;
import nn.layer.Activation;
import nn.layer.Activations;
import nn.layer.AvgPool2d;
import nn.layer.BatchNorm;
import nn.layer.Conv2d;
import nn.layer.Dropout;
import nn.layer.Flatten;
import nn.layer.Layer;
import nn.layer.LayerNorm;
import nn.layer.Linear;
import nn.layer.LogSoftmax;
import nn.layer.MaxPool2d;
import nn.layer.Models;
import nn.layer.Reshape;
import nn.layer.Sequential;
import nn.layer.Softmax;
import nn.tensor.Mode;
import nn.tensor.Parameter;
import nn.tensor.Parameters;
import nn.tensor.Scope;
import nn.tensor.Window;
import nn.train.ModelInfo;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** ONNX Runtime computes what we compute. */
final class OnnxTest {
  private static final int FEATURES = 12;

  private final ReferenceBackend backend = new ReferenceBackend();
  private final SplittableRandom random = new SplittableRandom(8);
  @TempDir private Path folder;

  @AfterEach
  void close() {
    backend.close();
  }

  private static Linear linear(int inputs, int outputs) {
    return new Linear(inputs, outputs, Initializers.he());
  }

  @Test
  void aClassifier() throws Exception {
    check(
        Models.mlp(FEATURES, new int[] {9, 7}, 4, Activations::relu, Initializers.he(), true, 0.3));
  }

  @Test
  void everyLayer() throws Exception {
    check(
        Sequential.of(
            new Reshape(Shape.of(2, 3, 2)),
            new BatchNorm(2),
            new Reshape(Shape.of(3, 4)),
            new LayerNorm(4, 1e-3),
            new Flatten(),
            linear(12, 5),
            new BatchNorm(5, 0.9, 1e-3),
            new Activation(Activations::gelu),
            new Dropout(0.5),
            Sequential.of(linear(5, 4), new Softmax()),
            linear(4, 6),
            new LogSoftmax()));
  }

  static List<String> activations() {
    return Activations.names();
  }

  @ParameterizedTest
  @MethodSource("activations")
  void everyActivation(String name) throws Exception {
    check(Sequential.of(linear(FEATURES, 5), new Activation(Activations.named(name))));
  }

  @Test
  void theConvolutionalNetworks() throws Exception {
    Shape image = Shape.of(14, 13, 2);
    check(Models.cnn(image, 3, Activations::relu, Initializers.he()), 14, 13, 2);
    check(Models.simpleCnn(image, 3, Activations::tanh, Initializers.he()), 14, 13, 2);
  }

  static List<Window> windows() {
    return List.of(
        Window.of(1),
        Window.of(3),
        Window.of(2).stride(2),
        Window.of(3).stride(2).padding(1),
        Window.of(2).stride(3),
        new Window(3, 2, 1, 2, 2, 0),
        new Window(1, 4, 2, 1, 0, 3));
  }

  @ParameterizedTest
  @MethodSource("windows")
  void windowsOfEveryKind(Window window) throws Exception {
    Shape image = Shape.of(6, 7, 3);
    check(onImages(image, new Conv2d(3, 2, window, Initializers.he())), 6, 7, 3);
    check(onImages(image, new MaxPool2d(window)), 6, 7, 3);
    check(onImages(image, new AvgPool2d(window)), 6, 7, 3);
  }

  private static Layer onImages(Shape image, Layer layer) {
    return Sequential.of(new Reshape(image), layer, new Flatten());
  }

  @Test
  void imagesBetweenOtherLayers() throws Exception {
    check(
        Sequential.of(
            new Reshape(Shape.of(3, 4, 1)),
            new Conv2d(1, 3, Window.of(2), Initializers.he()),
            new BatchNorm(3),
            new Activation(Activations::gelu),
            new Conv2d(3, 2, Window.of(2).padding(1), Initializers.he()),
            new LayerNorm(2),
            new AvgPool2d(2),
            new Flatten(),
            linear(4, 4)));
  }

  @Test
  void anyExpression() throws Exception {
    Activation own =
        new Activation(x -> {
          Expr bounded = x.min(Expr.constant(0.7)).max(Expr.constant(-0.4)).floor().add(x.abs());
          Expr inside = x.gt(Expr.constant(-1)).and(x.le(Expr.constant(1)).not()).or(x.eq(x));
          return Expr.select(inside, bounded.square().add(1).sqrt().log(), x.neg().exp());
        });
    check(Sequential.of(linear(FEATURES, 5), own));
  }

  private void check(Layer model) throws Exception {
    check(model, 3, 4, 1);
  }

  private void check(Layer model, int height, int width, int channels) throws Exception {
    int features = height * width * channels;
    try (Parameters parameters = new Parameters(backend, DType.F32, model.parameters(), 3)) {
      for (Parameter p : model.parameters()) {
        parameters.write(p, values(p));
      }
      for (int rows : new int[] {1, 5}) {
        double[] pixels = random.doubles((long) rows * features, 0, 1).toArray();
        double[] expected = ours(model, parameters, rows, pixels);
        List<String> classes = classes(expected.length / rows);
        ModelInfo info = new ModelInfo(model, height, width, channels, classes);
        float[] found = theirs(write(info, parameters), rows, pixels);
        assertThat(found).hasSize(expected.length);
        for (int i = 0; i < found.length; i++) {
          assertThat((double) found[i]).isCloseTo(expected[i], within(1e-5));
        }
      }
    }
  }

  /** A variance is positive; sums of many terms stay about as large as one. */
  private double[] values(Parameter parameter) {
    double shift = parameter.name().equals("runningVariance") ? 0 : 0.6;
    Shape shape = parameter.shape();
    double terms = parameter.kind() == Parameter.Kind.WEIGHT ? shape.size() / shape.dim(-1) : 1;
    double scale = Math.min(1, 4 / Math.sqrt(terms));
    return random.doubles(shape.size(), 0.1, 1.1).map(v -> (v - shift) * scale).toArray();
  }

  private static List<String> classes(int count) {
    return IntStream.range(0, count).mapToObj(i -> "class " + i).toList();
  }

  private Path write(ModelInfo info, Parameters parameters) throws IOException {
    Path file = folder.resolve("model.onnx");
    Onnx.write(file, info, parameters, Map.of("classes", String.join(",", info.classes())));
    return file;
  }

  private double[] ours(Layer model, Parameters parameters, int rows, double[] pixels) {
    try (Scope scope = new Scope(backend, parameters, Mode.EVALUATE)) {
      return model
          .forward(scope.constant(Shape.of(rows, pixels.length / rows), pixels), scope)
          .toDoubles();
    }
  }

  private static float[] theirs(Path file, int rows, double[] pixels) throws OrtException {
    float[] floats = new float[pixels.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) pixels[i];
    }
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions();
        OrtSession session = environment.createSession(file.toString(), options);
        OnnxTensor input =
            OnnxTensor.createTensor(
                environment, FloatBuffer.wrap(floats), new long[] {rows, floats.length / rows});
        OrtSession.Result result = session.run(Map.of("pixels", input))) {
      assertThat(session.getMetadata().getProducerName()).isEqualTo("nn");
      assertThat(session.getMetadata().getCustomMetadata().get("classes")).startsWith("class 0");
      OnnxTensor logits = (OnnxTensor) result.get("logits").orElseThrow();
      assertThat(logits.getInfo().getShape()[0]).isEqualTo(rows);
      float[] values = new float[logits.getFloatBuffer().remaining()];
      logits.getFloatBuffer().get(values);
      return values;
    }
  }

  @Test
  void whatHasNoOperatorsIsToldOf() {
    Layer own = (x, scope) -> x;
    assertThatThrownBy(() -> check(own)).hasMessageContaining("no ONNX operators");
    Layer position = new Activation(x -> x.add(Expr.position().toFloat()));
    assertThatThrownBy(() -> check(position)).hasMessageContaining("no ONNX operators");
    Layer inPadding = onImages(Shape.of(3, 4, 1), new MaxPool2d(new Window(2, 2, 1, 1, 2, 0)));
    assertThatThrownBy(() -> check(inPadding)).hasMessageContaining("has no ONNX operator");
    assertThat(folder).isEmptyDirectory();
  }
}
