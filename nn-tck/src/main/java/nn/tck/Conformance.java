package nn.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import nn.backend.Backend;

/** All that a backend has to do right, and a runner for it that needs no test framework. */
public final class Conformance {
  private Conformance() {}

  /** Every case. */
  public static List<Case> cases() {
    List<Case> cases = new ArrayList<>();
    cases.addAll(MemoryCases.cases());
    cases.addAll(OperatorCases.cases());
    cases.addAll(LayoutCases.cases());
    cases.addAll(MapCases.cases());
    cases.addAll(ReduceCases.cases());
    cases.addAll(RowsCases.cases());
    cases.addAll(SlicesCases.cases());
    cases.addAll(GemmCases.cases());
    cases.addAll(PlanCases.cases());
    cases.addAll(GradientCases.cases());
    cases.addAll(DeterminismCases.cases(cases));
    return List.copyOf(cases);
  }

  /**
   * Cases that ask for the same bits as another instance gives, such as one with another number of
   * threads.
   *
   * @param other stays open, and the caller's
   */
  public static List<Case> sameBitsAs(Backend other) {
    return cases().stream()
        .filter(Computation.class::isInstance)
        .<Case>map(c -> new DeterminismCases.SameBits((Computation) c, other))
        .toList();
  }

  /** Runs a case; what the backend throws is a failure. */
  public static Outcome attempt(Case toRun, Backend backend) {
    try {
      return toRun.run(backend);
    } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError thrown) {
      return Outcome.failed("throws " + thrown);
    }
  }

  /** Whether a backend can be closed twice. */
  public static Outcome closesTwice(Supplier<Backend> backends) {
    try {
      Backend backend = backends.get();
      backend.close();
      backend.close();
      return Outcome.passed();
    } catch (RuntimeException thrown) {
      return Outcome.failed("throws " + thrown);
    }
  }

  /** Runs every case on one backend. */
  public static Report verify(Backend backend) {
    return verify(backend, cases(), result -> {});
  }

  /** As many cases of the verbs as there is time for, a verb after the other, one at least each. */
  public static Report sample(Backend backend, Set<Verb> verbs, Duration time) {
    List<Case> all = new ArrayList<>(cases());
    Collections.shuffle(all, new Random(1));
    Map<Verb, Iterator<Case>> byVerb = new EnumMap<>(Verb.class);
    verbs.forEach(v -> byVerb.put(v, all.stream().filter(c -> c.verb() == v).iterator()));
    long end = System.nanoTime() + time.toNanos();
    List<Report.Result> results = new ArrayList<>();
    do {
      byVerb.values().removeIf(left -> !left.hasNext());
      for (Iterator<Case> left : byVerb.values()) {
        Case next = left.next();
        results.add(new Report.Result(next, attempt(next, backend)));
      }
    } while (!byVerb.isEmpty() && System.nanoTime() < end);
    return new Report(results);
  }

  /**
   * Runs cases on one backend.
   *
   * @param progress is told of each result as it comes
   */
  public static Report verify(Backend backend, List<Case> cases, Consumer<Report.Result> progress) {
    List<Report.Result> results = new ArrayList<>();
    for (Case each : cases) {
      Report.Result result = new Report.Result(each, attempt(each, backend));
      results.add(result);
      progress.accept(result);
    }
    return new Report(results);
  }
}
