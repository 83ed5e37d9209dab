package nn.cpu.thread;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A thread of a team: asked for a round, it runs its parts and answers, unless the caller was
 * quicker and has taken them over.
 */
final class Member extends Thread {
  private static final int END = -1;
  private static final VarHandle CLAIMED;

  static {
    try {
      CLAIMED = MethodHandles.lookup().findVarHandle(Member.class, "claimed", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Team team;
  private final int number;
  private final Signal asked;
  private final Signal answered;

  /** The last round whose parts somebody has begun. */
  @SuppressWarnings("unused") // by its handle
  private volatile int claimed;

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
    round = next(round);
    asked.set(round);
  }

  /**
   * Waits for the end of the round asked for; what nobody has begun the caller does itself. A
   * member that has no processor, or sleeps, so holds up nobody.
   *
   * @return what a part threw
   */
  @Nullable Throwable finish() {
    if (claim(round)) {
      return team.runParts(number);
    }
    answered.await(round);
    Throwable thrown = failure;
    failure = null;
    return thrown;
  }

  /**
   * Takes a round's parts. Every round that was asked for is taken before the next, so one who
   * comes late finds a later number.
   */
  private boolean claim(int which) {
    return CLAIMED.compareAndSet(this, previous(which), which);
  }

  /** Ends the thread. */
  void end() {
    asked.set(END);
  }

  private static int next(int round) {
    return (round + 1) & Integer.MAX_VALUE;
  }

  private static int previous(int round) {
    return (round - 1) & Integer.MAX_VALUE;
  }

  @Override
  public void run() {
    int current = asked.awaitChange(0);
    while (current != END) {
      if (claim(current)) {
        failure = team.runParts(number);
        answered.set(current);
      }
      current = asked.awaitChange(current);
    }
  }
}
