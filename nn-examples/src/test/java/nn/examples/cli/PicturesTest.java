package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PicturesTest {

  @Test
  void aPictureThatCannotBeDrawnIsAWarningAndTheOthersAreWritten(@TempDir Path folder)
      throws IOException {
    StringWriter warnings = new StringWriter();
    try (Pictures pictures = new Pictures()) {
      pictures.draw(
          "loss.png",
          () -> {
            throw new Error("Probable fatal error: No fonts found.");
          });
      pictures.draw("accuracy.png", () -> new byte[] {1, 2, 3});
      pictures.write(folder, new PrintWriter(warnings, true));
    }
    assertThat(warnings.toString()).startsWith("warning: no loss.png").contains("No fonts found");
    assertThat(folder.resolve("loss.png")).doesNotExist();
    assertThat(folder.resolve("accuracy.png")).hasBinaryContent(new byte[] {1, 2, 3});
  }
}
