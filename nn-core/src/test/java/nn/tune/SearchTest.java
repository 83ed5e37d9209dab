package nn.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import nn.backend.Backend;
import nn.backend.reference.ReferenceBackend;
import nn.data.DataException;
import nn.train.DivergedException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SearchTest {
  private static final List<Range> RANGES =
      List.of(Range.logarithmic("rate", 1e-6, 1e-2), Range.linear("momentum", 0.5, 1));
  private static final int TRIALS = 12;
  private static final SearchListener QUIET = (done, trials, result) -> {};

  @TempDir private Path folder;
  private Path file;
  private final AtomicInteger runs = new AtomicInteger();

  @BeforeEach
  void nameTheJournal() {
    file = folder.resolve("journal.jsonl");
  }

  private Outcome objective(Trial trial, Backend backend) {
    runs.incrementAndGet();
    double score = -Math.abs(Math.log10(trial.value("rate")) + 3) - trial.value("momentum") / 3;
    return new Outcome(score, Map.of("curve", List.of(score / 3, score)));
  }

  private List<Result> search(Objective objective, int parallel, int trials)
      throws IOException, InterruptedException {
    try (Journal journal = Journal.open(file, "a test")) {
      return new Search(objective, ReferenceBackend::new, parallel, journal)
          .round("coarse", RANGES, trials, 7, QUIET);
    }
  }

  @Test
  void findsTheSameWhateverRunsInParallel() throws Exception {
    List<Result> one = search(this::objective, 1, TRIALS);
    Files.delete(file);
    assertThat(search(this::objective, 3, TRIALS)).isEqualTo(one);
    assertThat(one).extracting(result -> result.trial().number()).doesNotHaveDuplicates();
    assertThat(one).extracting(result -> result.trial().seed()).doesNotHaveDuplicates();
    assertThat(one)
        .allSatisfy(result -> {
          assertThat(result.trial().value("rate")).isBetween(1e-6, 1e-2);
          assertThat(result.trial().value("momentum")).isBetween(0.5, 1.0);
        });
  }

  /** As kill -9 leaves a journal: some whole lines, and part of one. */
  @Test
  void goesOnWhereItWasStopped() throws Exception {
    List<Result> whole = search(this::objective, 2, TRIALS);
    List<String> lines = Files.readAllLines(file);
    for (int kept = 1; kept < lines.size(); kept += 3) {
      String torn = lines.get(kept).substring(0, lines.get(kept).length() / 2);
      Files.writeString(file, String.join("\n", lines.subList(0, kept)) + "\n" + torn);
      runs.set(0);
      assertThat(search(this::objective, 2, TRIALS)).isEqualTo(whole);
      assertThat(runs).hasValue(TRIALS - (kept - 1));
    }
    runs.set(0);
    assertThat(search(this::objective, 2, TRIALS)).isEqualTo(whole);
    assertThat(runs).as("nothing is repeated").hasValue(0);
    assertThat(search(this::objective, 2, TRIALS + 5)).startsWith(whole.toArray(Result[]::new));
  }

  @Test
  void aTornHeaderIsWrittenAgain() throws Exception {
    Files.writeString(file, "{\"format\":\"nn sea");
    assertThat(search(this::objective, 1, 2)).hasSize(2);
    assertThat(search(this::objective, 1, 2)).hasSize(2);
  }

  @Test
  void aFailureKeepsWhatIsDone() throws Exception {
    AtomicInteger count = new AtomicInteger();
    Objective failing =
        (trial, backend) -> {
          if (count.incrementAndGet() > 4) {
            throw new IllegalStateException("no more");
          }
          return objective(trial, backend);
        };
    assertThatThrownBy(() -> search(failing, 1, TRIALS)).hasMessage("no more");
    runs.set(0);
    assertThat(search(this::objective, 1, TRIALS)).hasSize(TRIALS);
    assertThat(runs).hasValue(TRIALS - 4);
  }

  @Test
  void divergedTrialsAreTheWorst() throws Exception {
    Objective diverging =
        (trial, backend) -> {
          if (trial.number() % 2 == 0) {
            throw new DivergedException(3, Double.NaN);
          }
          return objective(trial, backend);
        };
    List<Result> results = search(diverging, 2, 6);
    assertThat(search(diverging, 2, 6)).isEqualTo(results);
    List<Result> sorted = Result.sorted(results);
    assertThat(sorted.subList(3, 6)).allMatch(r -> Double.isNaN(r.outcome().score()));
    assertThat(sorted.subList(0, 3))
        .isSortedAccordingTo((a, b) -> Double.compare(b.outcome().score(), a.outcome().score()));
    assertThat(Result.rangesOfBest(10, results, RANGES)).hasSize(2);
    assertThatThrownBy(() ->
            Result.rangesOfBest(
                10, results.stream().filter(r -> r.trial().number() == 0).toList(), RANGES))
        .hasMessageContaining("every trial failed");
  }

  @Test
  void theNextRoundLooksWhereTheBestWere() throws Exception {
    List<Result> results = search(this::objective, 1, 40);
    List<Range> narrow = Result.rangesOfBest(4, results, RANGES);
    double[] best =
        Result.sorted(results).stream()
            .limit(4)
            .mapToDouble(r -> r.trial().value("rate"))
            .toArray();
    assertThat(narrow.getFirst().low()).isEqualTo(Arrays.stream(best).min().orElseThrow());
    assertThat(narrow.getFirst().high()).isEqualTo(Arrays.stream(best).max().orElseThrow());
    assertThat(narrow.getFirst().scale()).isEqualTo(Range.Scale.LOGARITHMIC);
  }

  @Test
  void eachTrialHasItsBackendForItself() throws Exception {
    Set<Backend> busy = ConcurrentHashMap.newKeySet();
    List<String> faults = new ArrayList<>();
    search(
        (trial, backend) -> {
          if (!busy.add(backend)) {
            faults.add("two trials on one backend");
          }
          busy.remove(backend);
          return objective(trial, backend);
        },
        4,
        50);
    assertThat(faults).isEmpty();
  }

  @Test
  void refusesAnotherSearchsJournal() throws Exception {
    search(this::objective, 1, 2);
    assertThatThrownBy(() -> Journal.open(file, "another test"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("a test")
        .hasMessageContaining("another test");
    try (Journal journal = Journal.open(file, "a test")) {
      Search search = new Search(this::objective, ReferenceBackend::new, 1, journal);
      assertThatThrownBy(() -> search.round("coarse", RANGES, 2, 8, QUIET))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("another seed");
      assertThatThrownBy(() -> Journal.open(file, "a test"))
          .isInstanceOf(DataException.class)
          .hasMessageContaining("another search is writing");
    }
  }

  @Test
  void namesADamagedLine() throws Exception {
    search(this::objective, 1, 2);
    Files.writeString(file, "{\"round\":3}\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> Journal.open(file, "a test"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("line 4");
    Files.writeString(file, "something else\n");
    assertThatThrownBy(() -> Journal.open(file, "a test"))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no journal");
  }

  @Test
  void refusesRangesThatAreNone() {
    assertThatThrownBy(() -> Range.logarithmic("rate", 0, 1)).hasMessageContaining("rate");
    assertThatThrownBy(() -> Range.linear("rate", 2, 1)).hasMessageContaining("from 2.0 to 1.0");
    assertThatThrownBy(() -> new Outcome(1, Map.of("c", List.of(Double.NaN))))
        .hasMessageContaining("not finite");
  }
}
