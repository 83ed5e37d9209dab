package nn.cpu.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import nn.backend.DType;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.Test;

class VectorMathTest {
  private static final int BLOCK = 4093;

  /** Between one bit pattern and the next; prime, so that the lowest bits take all values. */
  private static final int STEP = 20011;

  @Test
  void exp() {
    assertThat(worstUlp(Expr.input(0).exp(), Math::exp)).isLessThan(1);
  }

  @Test
  void log() {
    assertThat(worstUlp(Expr.input(0).log(), Math::log)).isLessThan(1);
  }

  @Test
  void tanh() {
    assertThat(worstUlp(Expr.input(0).tanh(), Math::tanh)).isLessThan(2);
  }

  @Test
  void sigmoid() {
    assertThat(worstUlp(Expr.input(0).sigmoid(), x -> 1 / (1 + Math.exp(-x)))).isLessThan(2);
  }

  @Test
  void floor() {
    assertThat(worstUlp(Expr.input(0).floor(), Math::floor)).isZero();
  }

  @Test
  void specialValues() {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {0, -0f, 1, inf, -inf, Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE, -104, 89};
    assertThat(apply(Expr.input(0).exp(), x))
        .containsExactly(1, 1, (float) Math.E, inf, 0, Float.NaN, 1, inf, 0, inf);
    assertThat(apply(Expr.input(0).log(), new float[] {0, -0f, -1, 1, inf, -inf, Float.NaN}))
        .containsExactly(-inf, -inf, Float.NaN, 0, inf, Float.NaN, Float.NaN);
    assertThat(apply(Expr.input(0).tanh(), new float[] {inf, -inf, Float.NaN, 20}))
        .containsExactly(1, -1, Float.NaN, 1);
    assertThat(apply(Expr.input(0).sigmoid(), new float[] {inf, -inf, Float.NaN, 0}))
        .containsExactly(1, 0, Float.NaN, 0.5f);
  }

  /** Over the whole range of floats, as a multiple of the distance to the next float. */
  private static double worstUlp(Expr expr, DoubleUnaryOperator exact) {
    Kernel kernel = kernel(expr);
    double worst = 0;
    float[] x = new float[BLOCK];
    for (long bits = Integer.MIN_VALUE; bits <= Integer.MAX_VALUE; ) {
      for (int i = 0; i < BLOCK; i++, bits += STEP) {
        x[i] = Float.intBitsToFloat((int) bits);
      }
      float[] y = apply(kernel, x);
      for (int i = 0; i < BLOCK; i++) {
        worst = Math.max(worst, ulps(y[i], exact.applyAsDouble(x[i])));
      }
    }
    return worst;
  }

  private static double ulps(float value, double exact) {
    float nearest = (float) exact;
    if (Float.compare(value, nearest) == 0 || value == nearest) {
      return Math.abs(exact) > Float.MAX_VALUE || Double.isNaN(exact)
          ? 0
          : Math.abs(value - exact) / Math.ulp(nearest);
    }
    return Float.isFinite(value) && Float.isFinite(nearest)
        ? Math.abs(value - exact) / Math.ulp(nearest)
        : Double.POSITIVE_INFINITY;
  }

  private static float[] apply(Expr expr, float[] x) {
    return apply(kernel(expr), x);
  }

  private static float[] apply(Kernel kernel, float[] x) {
    float[] y = new float[x.length];
    float[] reachingOn = Arrays.copyOf(x, x.length + Species.LANES);
    Object[] arrays = {reachingOn, null, null, y, null, null, new int[Species.LANES]};
    kernel.run(arrays, new int[] {0, 0, 1, 0, 0, 0, 0, 1, 0, 0}, 0, 1, 0, x.length);
    return y;
  }

  private static Kernel kernel(Expr expr) {
    Access floats = new Access(DType.F32, Access.Along.CONTIGUOUS, false);
    Stage stage =
        new Stage(
            Program.of(expr),
            Map.of(Expr.input(0), new Stage.Memory(0)),
            List.of(new Stage.Output(DType.F32, 1)),
            List.of(),
            -1);
    return new Kernels()
        .get(
            new KernelSpec(
                KernelSpec.Form.ROWS,
                KernelSpec.Span.ANY,
                List.of(floats, floats),
                List.of(stage)));
  }
}
