package nn.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunFilesTest {

  @Test
  void aPictureThatCannotBeDrawnIsAWarning(@TempDir Path folder) throws IOException {
    StringWriter warnings = new StringWriter();
    Path file = folder.resolve("loss.png");
    RunFiles.draw(
        file,
        () -> {
          throw new Error("Probable fatal error: No fonts found.");
        },
        new PrintWriter(warnings, true));
    assertThat(warnings.toString()).startsWith("warning: no loss.png").contains("No fonts found");
    assertThat(file).doesNotExist();
  }
}
