package nn.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is drawn of measurements, and the files that it is written to. */
class FiguresTest {

  @Test
  void barsAreGatheredByThreadsGroupsAndSeries() {
    BarFigures bars = new BarFigures("Products", "GFLOP/s", false);
    bars.add(1, "small", "nn", 10);
    bars.add(1, "small", "mkl", 20);
    bars.add(1, "large", "nn", 30);
    bars.add(2, "small", "nn", 40);
    assertThat(bars.figures())
        .extracting(Figure::title)
        .containsExactly("Products, 1 thread", "Products, 2 threads");
    Figure.Bars first = (Figure.Bars) bars.figures().getFirst();
    assertThat(first.groups()).containsExactly("small", "large");
    assertThat(first.series().get("nn")).containsExactly(10.0, 30.0);
    assertThat(first.series().get("mkl")).containsExactly(20.0, null);
  }

  @Test
  void passesOfOneSizeShareARoof() {
    Rooflines rooflines = new Rooflines();
    rooflines.peak(50);
    rooflines.add(2, ElementwiseKernel.COPY, 64 << 10, 10, 52);
    rooflines.add(2, ElementwiseKernel.named("adam"), 16 << 10, 20, 48);
    rooflines.add(2, ElementwiseKernel.COPY, 16 << 20, 20_000, 9);
    Figure.Roofline figure = (Figure.Roofline) rooflines.figures().getFirst();
    assertThat(figure.title()).isEqualTo("Fused passes, 2 threads");
    assertThat(figure.peak()).isEqualTo(100);
    assertThat(figure.levels())
        .extracting(Figure.Level::name)
        .containsExactly("0.3 to 0.5 MB", "134 MB");
    assertThat(figure.levels()).extracting(Figure.Level::bandwidth).containsExactly(52.0, 9.0);
    Figure.Pass adam = figure.levels().getFirst().passes().getFirst();
    assertThat(adam.intensity()).isCloseTo(18 / 28.0, within(1e-9));
    assertThat(adam.gflops()).isCloseTo(18 * 16384 / 20e3, within(1e-9));
    assertThat(figure.levels().getLast().passes()).as("a copy is the roof").isEmpty();
  }

  @Test
  void aFileIsReplacedAsAWholeOrNotAtAll(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("rows.json"), "old");
    try (ResultFile unwritten = new ResultFile(file)) {
      assertThat(unwritten).isNotNull();
    }
    assertThat(file).hasContent("old");
    try (ResultFile written = new ResultFile(file)) {
      written.write("new".getBytes(StandardCharsets.UTF_8));
    }
    assertThat(file).hasContent("new");
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void whatCannotBeWrittenIsFoundOutAtOnce(@TempDir Path folder) {
    Path missing = folder.resolve("no/rows.json");
    assertThatIOException()
        .isThrownBy(() -> new ResultFile(missing))
        .withMessageContainingAll("cannot write", missing.toString(), "is its folder there");
    assertThatIOException()
        .isThrownBy(() -> new ResultFile(folder))
        .withMessageContainingAll(folder.toString(), "a folder of that name is in the way");
  }
}
