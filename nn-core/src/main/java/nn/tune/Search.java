package nn.tune;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import nn.backend.Backend;
import nn.train.DivergedException;
import org.jspecify.annotations.Nullable;

/**
 * A random search (Bergstra and Bengio, 2012): trials drawn from ranges, several at a time. A trial
 * follows from seed, round and number alone, so neither their order nor a restart changes anything.
 *
 * <pre>{@code
 * List<Range> ranges = List.of(Range.logarithmic("learningRate", 1e-6, 1e-2));
 * try (Journal journal = Journal.open(file, "784-100-10, 5 epochs")) {
 *   Search search = new Search(objective, () -> choice.create(new BackendOptions(1)), 2, journal);
 *   List<Result> coarse = search.round("coarse", ranges, 100, seed, listener);
 *   List<Range> narrow = Result.rangesOfBest(10, coarse, ranges);
 *   List<Result> fine = search.round("fine", narrow, 50, seed, listener);
 * }
 * }</pre>
 */
public final class Search {
  private final Objective objective;
  private final Supplier<Backend> backends;
  private final int parallel;
  private final Journal journal;

  /**
   * @param backends makes a backend for each of the trials that run at a time. Of one thread each:
   *     several teams of threads would be in each other's way
   * @param parallel trials at a time, at least 1
   * @param journal holds the trials that are done and takes those to come; stays the caller's
   */
  public Search(Objective objective, Supplier<Backend> backends, int parallel, Journal journal) {
    if (parallel < 1) {
      throw new IllegalArgumentException("at least one trial runs at a time, not " + parallel);
    }
    this.objective = objective;
    this.backends = backends;
    this.parallel = parallel;
    this.journal = journal;
  }

  /**
   * Runs the trials of a round that the journal does not hold yet.
   *
   * @param name of the round, one of its own
   * @return the results of all its trials, by number
   * @throws IOException if the journal cannot be written, or holds another search's trials
   * @throws InterruptedException if the thread is interrupted; trials that are done stay done
   */
  public List<Result> round(
      String name, List<Range> ranges, int trials, long seed, SearchListener listener)
      throws IOException, InterruptedException {
    Round round = new Round(trials, listener);
    for (int i = 0; i < trials; i++) {
      Trial trial = Trial.draw(name, i, ranges, seed);
      journal.find(trial).ifPresentOrElse(round::ended, () -> round.open.add(trial));
    }
    round.run();
    return round.results();
  }

  private final class Round {
    private final Queue<Trial> open = new ConcurrentLinkedQueue<>();
    private final AtomicReferenceArray<Result> results;
    private final SearchListener listener;
    private int done;

    Round(int trials, SearchListener listener) {
      this.results = new AtomicReferenceArray<>(trials);
      this.listener = listener;
    }

    synchronized void ended(Result result) {
      results.set(result.trial().number(), result);
      done++;
      listener.onResult(done, results.length(), result);
    }

    void run() throws IOException, InterruptedException {
      int workers = Math.min(parallel, open.size());
      if (workers == 0) {
        return;
      }
      try (ExecutorService threads = Executors.newFixedThreadPool(workers)) {
        List<Future<?>> work = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
          work.add(
              threads.submit(() -> {
                work();
                return null;
              }));
        }
        try {
          for (Future<?> worker : work) {
            worker.get();
          }
        } catch (ExecutionException e) {
          throw failure(e.getCause());
        } finally {
          open.clear(); // after a failure the other workers end their present trials
        }
      }
    }

    private void work() throws IOException {
      try (Backend backend = backends.get()) {
        for (Trial trial = open.poll(); trial != null; trial = open.poll()) {
          Result result = new Result(trial, outcome(trial, backend));
          journal.add(result);
          ended(result);
        }
      } catch (Throwable failed) {
        open.clear();
        throw failed;
      }
    }

    private Outcome outcome(Trial trial, Backend backend) {
      try {
        return objective.run(trial, backend);
      } catch (DivergedException diverged) {
        return Outcome.failed();
      }
    }

    private static IOException failure(@Nullable Throwable cause) {
      if (cause instanceof IOException io) {
        return io;
      }
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(cause);
    }

    List<Result> results() {
      List<Result> all = new ArrayList<>();
      for (int i = 0; i < results.length(); i++) {
        all.add(Objects.requireNonNull(results.get(i)));
      }
      return List.copyOf(all);
    }
  }
}
