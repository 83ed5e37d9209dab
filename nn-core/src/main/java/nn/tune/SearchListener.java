package nn.tune;

/** Told of a search's progress. */
@FunctionalInterface
public interface SearchListener {

  /**
   * A trial has ended, or was found in the journal. Calls do not overlap.
   *
   * @param done trials of the round that have ended, this one counted
   * @param trials of the round
   * @param result of the one that ended
   */
  void onResult(int done, int trials, Result result);
}
