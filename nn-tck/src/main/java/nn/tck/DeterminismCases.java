package nn.tck;

import java.util.Arrays;
import java.util.List;
import nn.backend.Backend;

/**
 * A kernel's first call and its 2,000th give the same bits, whatever a compiler has done in
 * between. Where calls are slow, fewer have to do.
 */
final class DeterminismCases {
  private static final int CALLS = 2000;
  private static final int LEAST_CALLS = 10;
  private static final long PATIENCE_NANOS = 2_000_000_000;
  private static final List<String> REPEATED =
      List.of(
          "tanh(max(x y + x, y)) of 207",
          "EXP of ordinary reals",
          "LOG of ordinary reals",
          "SIGMOID of ordinary reals",
          "every combiner of [33, 33] over [0]",
          "every combiner of [3, 207] over [1]",
          "softmax cross entropy of [7, 16]",
          "33 x 47 x 19 with sigmoid",
          "23 x 23 x 23, A transposed");

  private DeterminismCases() {}

  /** Repetitions of some of these. */
  static List<Case> cases(List<Case> among) {
    return among.stream()
        .filter(c -> REPEATED.contains(c.name()))
        .<Case>map(c -> new Repeated((Computation) c))
        .toList();
  }

  private record Repeated(Computation computation) implements Case {
    @Override
    public String name() {
      return "again and again: " + computation.name();
    }

    @Override
    public Verb verb() {
      return Verb.DETERMINISM;
    }

    @Override
    public Outcome run(Backend backend) {
      try (Computation.Prepared prepared = computation.prepare(backend)) {
        prepared.run();
        List<double[]> first = prepared.contents();
        long end = System.nanoTime() + PATIENCE_NANOS;
        for (int i = 1; i < CALLS && (i < LEAST_CALLS || System.nanoTime() < end); i++) {
          prepared.run();
        }
        return sameBits(first, prepared.contents());
      }
    }
  }

  /** A computation on another backend, such as one with more threads. */
  record SameBits(Computation computation, Backend other) implements Case {
    @Override
    public String name() {
      return "the same bits on another instance: " + computation.name();
    }

    @Override
    public Verb verb() {
      return Verb.DETERMINISM;
    }

    @Override
    public Outcome run(Backend backend) {
      try (Computation.Prepared here = computation.prepare(backend);
          Computation.Prepared there = computation.prepare(other)) {
        here.run();
        there.run();
        return sameBits(here.contents(), there.contents());
      } catch (Workspace.UnsupportedTypeException unsupported) {
        return Outcome.skipped(unsupported.type + " is not supported");
      }
    }
  }

  private static Outcome sameBits(List<double[]> one, List<double[]> other) {
    for (int i = 0; i < one.size(); i++) {
      int at = Arrays.mismatch(one.get(i), other.get(i));
      if (at >= 0) {
        return Outcome.failed(
            "buffer %d differs at element %d: %s and %s"
                .formatted(i, at, one.get(i)[at], other.get(i)[at]));
      }
    }
    return Outcome.passed();
  }
}
