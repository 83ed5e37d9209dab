package nn.cpu.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import nn.backend.DType;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.Test;

class KernelsTest {
  @Test
  void equalSpecificationsShareAKernel() {
    Kernels kernels = new Kernels();
    Expr sum = Expr.input(0).add(1);
    assertThat(kernels.get(spec(sum))).isSameAs(kernels.get(spec(Expr.input(0).add(1))));
    assertThat(kernels.get(spec(sum))).isNotSameAs(kernels.get(spec(Expr.input(0).add(2))));
  }

  /** The largest programs that are not cut, of each function and of plain arithmetic. */
  @Test
  void largestProgramsAreCompiled() {
    Expr arithmetic = Expr.input(0);
    for (int i = 0; i < 160; i++) {
      arithmetic = arithmetic.mul(i + 1.5);
    }
    Expr logs = Expr.input(0).log().log().log().log();
    Expr exps = Expr.input(0).exp().exp().exp().exp().exp().exp();
    Expr tanhs = Expr.input(0).tanh().tanh().tanh().tanh();
    Expr sigmoids = Expr.input(0).sigmoid().sigmoid().sigmoid().sigmoid();
    for (Expr expr : List.of(arithmetic, logs, exps, tanhs, sigmoids)) {
      assertThat(Kernels.length(spec(expr))).isLessThan(HiddenClass.LONGEST_COMPILED);
    }
  }

  private static KernelSpec spec(Expr expr) {
    Access floats = new Access(DType.F32, Access.Along.CONTIGUOUS, false);
    Stage stage =
        new Stage(
            Program.of(expr),
            Map.of(Expr.input(0), new Stage.Memory(0)),
            List.of(new Stage.Output(DType.F32, 1)),
            List.of(),
            -1);
    return new KernelSpec(
        KernelSpec.Form.ROWS, KernelSpec.Span.ANY, List.of(floats, floats), List.of(stage));
  }
}
