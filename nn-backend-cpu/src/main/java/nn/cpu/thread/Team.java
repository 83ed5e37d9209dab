package nn.cpu.thread;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A fixed team of threads that share one task at a time (fork and join). The caller is a member
 * itself and does part 0.
 *
 * <p>Members wait by spinning for a short while, so that crossing from one task to the next costs a
 * fraction of a microsecond while the team is busy; then they give their time slice away, and then
 * they sleep. The caller does what no member has begun when it is through with its own part: so a
 * team is hardly slower than one thread where others, compilers for example, use the processors. A
 * run allocates nothing. A team is used by one thread at a time.
 */
public final class Team implements AutoCloseable {
  private final Member[] members;
  private @Nullable TeamTask task;
  private int parts;
  private boolean running;
  private boolean closed;

  /**
   * A team of so many threads, the caller counted.
   *
   * @param size at least 1; a team of 1 has no thread of its own
   */
  public Team(int size) {
    if (size < 1) {
      throw new IllegalArgumentException("a team has at least 1 thread, not " + size);
    }
    boolean crowded = size > Runtime.getRuntime().availableProcessors();
    members =
        IntStream.range(1, size)
            .mapToObj(number -> new Member(this, number, crowded))
            .toArray(Member[]::new);
    for (Member member : members) {
      member.start();
    }
  }

  /** The number of threads, the caller counted. */
  public int size() {
    return members.length + 1;
  }

  /**
   * Runs every part of a task and returns when all have ended. Thread t runs the parts t, t + size,
   * t + 2 size and so on, or else the caller, when it is through with its own and t has not begun.
   * What the caller wrote before is visible to all parts, and what they wrote is visible to the
   * caller after.
   *
   * @throws IllegalStateException if the team is closed, or called from within a task
   * @throws RuntimeException what a part threw; what others threw is suppressed in it
   */
  public void run(TeamTask shared, int count) {
    if (closed || running) {
      throw new IllegalStateException(
          closed ? "the team is closed" : "a part of a task cannot run a task on its own team");
    }
    running = true;
    int helpers = Math.min(members.length, count - 1);
    fork(shared, count, helpers);
    Throwable failure = join(runParts(0), helpers);
    task = null;
    running = false;
    if (failure != null) {
      rethrow(failure);
    }
  }

  private void fork(TeamTask shared, int count, int helpers) {
    task = shared;
    parts = count;
    for (int i = 0; i < helpers; i++) {
      members[i].ask();
    }
  }

  private @Nullable Throwable join(@Nullable Throwable failure, int helpers) {
    for (int i = 0; i < helpers; i++) {
      failure = combine(failure, members[i].finish());
    }
    return failure;
  }

  /** Runs the parts of one member, also those after one that failed; returns what was thrown. */
  @Nullable Throwable runParts(int member) {
    TeamTask current = task;
    Throwable failure = null;
    for (int part = member; current != null && part < parts; part += size()) {
      try {
        current.run(part, parts);
      } catch (Throwable thrown) {
        failure = combine(failure, thrown);
      }
    }
    return failure;
  }

  private static @Nullable Throwable combine(@Nullable Throwable first, @Nullable Throwable other) {
    if (first != null && other != null && first != other) {
      first.addSuppressed(other);
    }
    return first != null ? first : other;
  }

  private static void rethrow(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure; // a task declares nothing else
  }

  /** Ends the threads. A second call does nothing. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (Member member : members) {
      member.end();
    }
  }
}
