package nn.examples.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private final List<String> out = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private final Report report = new Report(out::add, warnings::add);

  @Test
  void tablesAlign() {
    Table table = new Table("optimizer", "loss").row("SGD", "0.4").row("Adam", "12.25");
    assertThat(table.lines())
        .containsExactly("  optimizer   loss", "  SGD          0.4", "  Adam       12.25");
    assertThatThrownBy(() -> table.row("one")).hasMessageContaining("1 cells");
  }

  @Test
  void aPictureThatCannotBeDrawnIsAWarning(@TempDir Path folder) throws IOException {
    report.picture(
        "a.png",
        "a",
        () -> {
          throw new Error("Probable fatal error: No fonts found.");
        });
    report.picture("b.png", "b", () -> new byte[] {1, 2, 3});
    report.result(Map.of("loss", new float[] {0.1f, 2}));
    report.write(folder);
    assertThat(warnings).hasSize(1);
    assertThat(warnings.getFirst()).startsWith("warning: no a.png").contains("No fonts found");
    assertThat(folder.resolve("a.png")).doesNotExist();
    assertThat(Files.readAllBytes(folder.resolve("b.png"))).containsExactly(1, 2, 3);
    assertThat(Files.readString(folder.resolve("result.json"))).contains("[ 0.1, 2.0 ]");
  }

  @Test
  void thePageHoldsEverything() {
    report.say("x < %d & y", 3);
    report.table(new Table("a", "b").row("<1>", 2));
    report.picture("b.png", "a \"caption\"", () -> new byte[] {1, 2, 3});
    String page =
        IndexPage.html(
            "Title",
            List.of("fact"),
            List.of(new IndexPage.Section("one", "./nn example one", "About.", report, 1.25)));
    assertThat(page)
        .contains("<p>x &lt; 3 &amp; y</p>", "<td>&lt;1&gt;</td><td>2</td>", "<a href=\"#one\">")
        .contains("data:image/png;base64,AQID", "a &quot;caption&quot;", "./nn example one");
  }
}
