package nn.tck;

import java.util.Arrays;
import java.util.List;
import nn.backend.Backend;
import nn.backend.DType;
import nn.backend.Elementwise;
import nn.backend.Executable;
import nn.backend.Operand;
import nn.backend.Shape;
import nn.backend.Transfer;
import nn.expr.Expr;

/**
 * A device's own time of a list: the work is done once, in more than no time, and in no more than
 * the host had to wait.
 */
record TimeCase() implements Case {
  private static final int BEFORE = 5;
  private static final int TIMED = 3;

  /** How much faster than the host's a device's clock may go. */
  private static final double DRIFT = 1.001;

  /** Of a clock; that of NVIDIA's events is half of it. */
  private static final long RESOLUTION_NANOS = 1000;

  @Override
  public String name() {
    return "the time of a list";
  }

  @Override
  public Verb verb() {
    return Verb.PLAN;
  }

  @Override
  public Outcome run(Backend backend) {
    Operand x = Operand.of(backend.allocate(DType.F32, 10_000), Shape.of(10_000));
    try (Executable list =
        backend.compile(List.of(Elementwise.of(Expr.input(0).add(Expr.ONE), x, x)))) {
      list.run(BEFORE);
      long start = System.nanoTime();
      long nanos = backend.time(() -> list.run(TIMED));
      long most = Math.round((System.nanoTime() - start) * DRIFT) + RESOLUTION_NANOS;
      double[] counts = Transfer.read(backend, x.buffer());
      if (!Arrays.stream(counts).allMatch(count -> count == BEFORE + TIMED)) {
        return Outcome.failed("what was to be timed did not run once: " + counts[0]);
      }
      return Outcome.of(
          nanos > 0 && nanos <= most, "took %,d ns of the host's %,d".formatted(nanos, most));
    } finally {
      backend.free(x.buffer());
    }
  }
}
