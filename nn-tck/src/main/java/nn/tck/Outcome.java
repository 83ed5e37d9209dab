package nn.tck;

/**
 * What became of a case.
 *
 * @param status whether it passed
 * @param error the largest relative error
 * @param ofTolerance the largest error as a fraction of what is allowed; above 1 is a failure
 * @param detail why it failed or was skipped; empty if it passed
 */
public record Outcome(Status status, double error, double ofTolerance, String detail) {

  /** Passed, failed, or not applicable to a backend. */
  public enum Status {
    PASSED,
    FAILED,
    SKIPPED
  }

  /** Everything is exactly as it should be. */
  public static Outcome passed() {
    return new Outcome(Status.PASSED, 0, 0, "");
  }

  public static Outcome failed(String detail) {
    return new Outcome(Status.FAILED, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, detail);
  }

  public static Outcome skipped(String reason) {
    return new Outcome(Status.SKIPPED, 0, 0, reason);
  }

  /** Passed if the condition holds, else failed for the reason given. */
  public static Outcome of(boolean holds, String otherwise) {
    return holds ? passed() : failed(otherwise);
  }

  /** The worse of two. */
  public Outcome and(Outcome that) {
    boolean onlyThatFailed = that.status == Status.FAILED && status != Status.FAILED;
    return onlyThatFailed || that.ofTolerance > ofTolerance ? that : this;
  }
}
