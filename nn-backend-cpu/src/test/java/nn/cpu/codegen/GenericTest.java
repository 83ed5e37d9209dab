package nn.cpu.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import nn.backend.DType;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.Test;

class GenericTest {
  private static final Expr X = Expr.input(0);

  @Test
  void kernelsThatDifferInAFractionAreOne() {
    Generic one = generic(X.mul(1.0 / 256).add(X.sub(0.5)));
    Generic other = generic(X.mul(1.0 / 96).add(X.sub(0.25)));
    assertThat(one.spec()).isEqualTo(other.spec());
    assertThat(one.constants()).containsExactly(1f / 256, 0.5f);
    assertThat(other.constants()).containsExactly(1f / 96, 0.25f);
  }

  @Test
  void wholeNumbersAndBoundsStay() {
    assertThat(generic(X.mul(3).max(Expr.ZERO)).constants()).isEmpty();
    assertThat(generic(X.min(Expr.constant(0.5))).constants()).isEmpty();
    assertThat(generic(X.mul(3)).spec()).isNotEqualTo(generic(X.mul(4)).spec());
  }

  @Test
  void fewConstantsBecomeParameters() {
    Expr many = X;
    for (int i = 0; i < 40; i++) {
      many = many.mul(i + 0.5);
    }
    assertThat(generic(many).constants()).hasSize(8);
    assertComputes(many);
  }

  @Test
  void theValuesAreTheSame() {
    assertComputes(X.mul(1.0 / 3).sub(0.1).div(X.add(0.7)));
    assertComputes(Expr.select(X.lt(Expr.constant(0.3)), X.mul(0.1), X.add(1e-30)));
    assertComputes(Expr.constant(0.1));
  }

  /** With parameters and without. */
  private static void assertComputes(Expr expr) {
    Generic generic = generic(expr);
    float[] plain = run(spec(expr), new int[2 * Kernel.NUMBERS]);
    assertThat(run(generic.spec(), generic.numbers())).isEqualTo(plain);
    assertThat(generic.constants()).isNotEmpty();
  }

  private static float[] run(KernelSpec spec, int[] numbers) {
    int count = 2 * Species.LANES + 3;
    float[] x = new float[count + Species.LANES];
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 0.37f - 2;
    }
    numbers[2] = 1;
    numbers[Kernel.NUMBERS + 2] = 1;
    Object[] arrays = {x, null, null, y, null, null, new int[Species.LANES]};
    new Kernels().get(spec).run(arrays, numbers, 0, 1, 0, count);
    return y;
  }

  private static Generic generic(Expr expr) {
    return Generic.of(spec(expr));
  }

  private static KernelSpec spec(Expr expr) {
    Access floats = new Access(DType.F32, Access.Along.CONTIGUOUS, false);
    Stage stage =
        new Stage(
            Program.of(expr),
            Map.of(X, new Stage.Memory(0)),
            List.of(new Stage.Output(DType.F32, 1)),
            List.of(),
            -1);
    return new KernelSpec(
        KernelSpec.Form.ROWS, KernelSpec.Span.ANY, List.of(floats, floats), List.of(stage));
  }
}
