package nn.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import nn.backend.Backend;
import nn.backend.BackendOptions;
import nn.backend.DType;
import nn.backend.Shape;
import nn.backend.reference.ReferenceProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Convolution and pooling against the definition, pixel by pixel. */
class ImagesTest {
  private static final double CLOSE = 1e-12;

  private final Backend backend = new ReferenceProvider().create(BackendOptions.DEFAULT);
  private final Parameters parameters = Parameters.none(backend, DType.F64);
  private final Scope scope = new Scope(backend, parameters, Mode.EVALUATE);

  @AfterEach
  void close() {
    scope.close();
    backend.close();
  }

  static List<Window> windows() {
    return List.of(
        Window.of(1),
        Window.of(3),
        Window.of(2).stride(2),
        Window.of(3).stride(2).padding(1),
        new Window(2, 4, 3, 1, 2, 0),
        new Window(5, 1, 1, 2, 0, 3));
  }

  private Tensor random(Shape shape, long seed) {
    return scope.constant(shape, new SplittableRandom(seed).doubles(shape.size(), -1, 1).toArray());
  }

  /** An image's pixel, or what lies around it. */
  private static double pixel(
      double[] values, Shape shape, int n, int y, int x, int c, double around) {
    boolean inside = 0 <= y && y < shape.dim(1) && 0 <= x && x < shape.dim(2);
    return inside ? values[((n * shape.dim(1) + y) * shape.dim(2) + x) * shape.dim(3) + c] : around;
  }

  @ParameterizedTest
  @MethodSource("windows")
  void convolution(Window w) {
    Shape shape = Shape.of(2, 6, 5, 3);
    Tensor images = random(shape, 1);
    Tensor weights = random(Shape.of(w.height(), w.width(), 3, 2), 2);
    Tensor result = images.convolve(weights, w);
    double[] in = images.toDoubles();
    double[] by = weights.toDoubles();
    double[] out = result.toDoubles();
    int at = 0;
    for (int n = 0; n < 2; n++) {
      for (int y = 0; y < result.shape().dim(1); y++) {
        for (int x = 0; x < result.shape().dim(2); x++) {
          for (int d = 0; d < 2; d++) {
            double sum = 0;
            for (int i = 0; i < w.height(); i++) {
              for (int j = 0; j < w.width(); j++) {
                for (int c = 0; c < 3; c++) {
                  int row = y * w.strideHeight() + i - w.paddingHeight();
                  int column = x * w.strideWidth() + j - w.paddingWidth();
                  sum +=
                      pixel(in, shape, n, row, column, c, 0)
                          * by[((i * w.width() + j) * 3 + c) * 2 + d];
                }
              }
            }
            assertThat(out[at++]).isCloseTo(sum, within(CLOSE));
          }
        }
      }
    }
    assertThat(out).hasSize(at);
  }

  @ParameterizedTest
  @MethodSource("windows")
  void pooling(Window w) {
    Shape shape = Shape.of(2, 6, 5, 3);
    Tensor images = random(shape, 3);
    double[] in = images.toDoubles();
    Tensor largest = images.maxPool(w);
    double[] max = largest.toDoubles();
    double[] mean = images.averagePool(w).toDoubles();
    int at = 0;
    for (int n = 0; n < 2; n++) {
      for (int y = 0; y < largest.shape().dim(1); y++) {
        for (int x = 0; x < largest.shape().dim(2); x++) {
          for (int c = 0; c < 3; c++) {
            double sum = 0;
            double most = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < w.height(); i++) {
              for (int j = 0; j < w.width(); j++) {
                int row = y * w.strideHeight() + i - w.paddingHeight();
                int column = x * w.strideWidth() + j - w.paddingWidth();
                sum += pixel(in, shape, n, row, column, c, 0);
                double value = pixel(in, shape, n, row, column, c, Double.NEGATIVE_INFINITY);
                most = Math.max(most, value);
              }
            }
            assertThat(max[at]).isEqualTo(most);
            assertThat(mean[at++]).isCloseTo(sum / w.taps(), within(CLOSE));
          }
        }
      }
    }
    assertThat(max).hasSize(at);
  }

  @Test
  void whatIsNoImageOrTooSmallIsRefused() {
    Tensor images = random(Shape.of(1, 4, 4, 2), 1);
    Tensor weights = random(Shape.of(3, 3, 2, 1), 1);
    assertThatThrownBy(() -> images.convolve(weights, Window.of(2)))
        .hasMessage(
            "cannot convolve images of [1, 4, 4, 2] with weights of [3, 3, 2, 1] in a window of"
                + " 2x2");
    assertThatThrownBy(() -> random(Shape.of(4, 4), 1).maxPool(Window.of(2).padding(1)))
        .hasMessageContaining("not [4, 4]");
    assertThatThrownBy(() -> images.maxPool(Window.of(5)))
        .hasMessage(
            "a window of 5x5 slides over images [n, height, width, channels] of at least its size,"
                + " not [1, 4, 4, 2]");
    assertThatThrownBy(() -> Window.of(2).stride(0)).hasMessageContaining("stride 0x0");
  }

  @Test
  void noImagesGiveNone() {
    Tensor none = scope.constant(Shape.of(0, 4, 4, 2));
    assertThat(none.maxPool(Window.of(2)).shape()).isEqualTo(Shape.of(0, 3, 3, 2));
    Tensor weights = random(Shape.of(3, 3, 2, 1), 1);
    assertThat(none.convolve(weights, Window.of(3)).shape()).isEqualTo(Shape.of(0, 2, 2, 1));
  }
}
