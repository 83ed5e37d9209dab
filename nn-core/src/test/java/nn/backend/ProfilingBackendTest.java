package nn.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import nn.backend.reference.ReferenceBackend;
import nn.expr.Expr;
import nn.expr.Program;
import org.junit.jupiter.api.Test;

class ProfilingBackendTest {
  private final ProfilingBackend backend = new ProfilingBackend(new ReferenceBackend());

  private Operand zeros(int... dims) {
    Shape shape = Shape.of(dims);
    return Operand.of(backend.allocate(DType.F32, shape.size()), shape);
  }

  @Test
  void addsUpCommandsOfOneKindAndShape() {
    Gemm gemm = Gemm.of(zeros(2, 3), zeros(3, 4), zeros(2, 4));
    backend.compile(List.of(gemm)).run(3);
    backend.elementwise(Elementwise.of(Expr.input(0).exp().neg(), zeros(2, 5), zeros(1, 5)));
    assertThat(backend.entries())
        .extracting(
            ProfilingBackend.Entry::command,
            ProfilingBackend.Entry::calls,
            ProfilingBackend.Entry::flops,
            ProfilingBackend.Entry::bytes)
        .containsExactlyInAnyOrder(
            tuple("gemm m=2 n=4 k=3, 0 operations", 3L, 3 * 48L, 3 * 4 * (6 + 12 + 8L)),
            tuple("elementwise [2, 5], 1 in, 1 out, 2 operations", 1L, 20L, 4 * (5 + 10L)));
  }

  @Test
  void theClockIsTheDevicesOwn() {
    Backend slow =
        new ForwardingBackend(new ReferenceBackend()) {
          @Override
          public long time(Runnable work) {
            super.time(work);
            return 7;
          }
        };
    try (ProfilingBackend profiling = new ProfilingBackend(slow)) {
      Operand x = Operand.of(profiling.allocate(DType.F32, 5), Shape.of(5));
      profiling.compile(List.of(Elementwise.of(Expr.input(0), x, x))).run(3);
      profiling.elementwise(Elementwise.of(Expr.input(0), x, x));
      assertThat(profiling.entries()).singleElement().extracting(e -> e.nanos()).isEqualTo(28L);
      assertThat(profiling.time(() -> {})).isEqualTo(7);
    }
  }

  @Test
  void theTableBeginsWithWhatTakesLongest() {
    backend.elementwise(Elementwise.of(Expr.ZERO, zeros(1)));
    Operand big = zeros(300, 300);
    Program copy = Program.of(Expr.input(0));
    for (int i = 0; i < 5; i++) {
      backend.reduce(
          new Reduce(
              big.shape(),
              copy,
              List.of(Combiner.SUM),
              List.of(1),
              List.of(big),
              List.of(zeros(300, 1))));
    }
    String[] lines = backend.table().split("\n");
    assertThat(lines[0]).contains("us/call", "GFLOP/s", "GB/s");
    assertThat(lines[1]).endsWith("reduce [SUM] over [1] of [300, 300]");
    assertThat(lines).hasSize(3);
  }
}
