package nn.cpu.thread;

import org.jspecify.annotations.Nullable;

/** A thread of a team: asked for a round, it runs its parts and answers. */
final class Member extends Thread {
  private static final int END = -1;

  private final Team team;
  private final int number;
  private final Signal asked;
  private final Signal answered;
  private int round;
  private @Nullable Throwable failure;

  Member(Team team, int number, boolean crowded) {
    super("nn-cpu-" + number);
    this.team = team;
    this.number = number;
    this.asked = new Signal(crowded);
    this.answered = new Signal(crowded);
    setDaemon(true);
  }

  /** Starts a round of this member; what the caller wrote before is visible to it. */
  void ask() {
    asked.set(next(round));
  }

  /** Waits for the end of the round asked for; returns what a part threw. */
  @Nullable Throwable awaitAnswer() {
    round = answered.awaitChange(round);
    Throwable thrown = failure;
    failure = null;
    return thrown;
  }

  /** Ends the thread. */
  void end() {
    asked.set(END);
  }

  private static int next(int round) {
    return (round + 1) & Integer.MAX_VALUE;
  }

  @Override
  public void run() {
    int current = asked.awaitChange(0);
    while (current != END) {
      failure = team.runParts(number);
      answered.set(current);
      current = asked.awaitChange(current);
    }
  }
}
