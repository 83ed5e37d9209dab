package nn.tck;

import java.util.List;
import java.util.Locale;

/**
 * The results of a run of the kit.
 *
 * @param results in the order in which the cases were run
 */
public record Report(List<Result> results) {

  /** A case and what became of it. */
  public record Result(Case tried, Outcome outcome) {
    @Override
    public String toString() {
      String detail = outcome.detail().isEmpty() ? "" : ": " + outcome.detail();
      return "%s %s, %s%s".formatted(outcome.status(), tried.verb(), tried.name(), detail);
    }
  }

  public Report {
    results = List.copyOf(results);
  }

  /** The results of one status. */
  public List<Result> with(Outcome.Status status) {
    return results.stream().filter(r -> r.outcome().status() == status).toList();
  }

  /** Whether nothing failed. */
  public boolean passed() {
    return with(Outcome.Status.FAILED).isEmpty();
  }

  /** The largest relative error of a verb's cases that did not fail. */
  public double worstError(Verb verb) {
    return results.stream()
        .filter(r -> r.tried().verb() == verb)
        .map(Result::outcome)
        .filter(outcome -> outcome.status() == Outcome.Status.PASSED)
        .mapToDouble(Outcome::error)
        .max()
        .orElse(0);
  }

  private long count(Verb verb, Outcome.Status status) {
    return with(status).stream().filter(r -> r.tried().verb() == verb).count();
  }

  /** A table by verb, then what failed and what was skipped, a line each. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("verb          passed  failed  skipped  worst relative error\n");
    for (Verb verb : Verb.values()) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-12s %7d %7d %8d  %.2g%n",
              verb.name().toLowerCase(Locale.ROOT),
              count(verb, Outcome.Status.PASSED),
              count(verb, Outcome.Status.FAILED),
              count(verb, Outcome.Status.SKIPPED),
              worstError(verb)));
    }
    with(Outcome.Status.FAILED).forEach(result -> text.append(result).append('\n'));
    with(Outcome.Status.SKIPPED).forEach(result -> text.append(result).append('\n'));
    return text.toString();
  }
}
