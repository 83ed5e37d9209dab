package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir Path folder;

  @Test
  void aFailureLeavesTheOldFileAndNothingElse() throws IOException {
    Path file = folder.resolve("file");
    Files.writeString(file, "old");
    assertThatThrownBy(() ->
            AtomicFile.write(
                file,
                out -> {
                  out.write(new byte[100]);
                  throw new IOException("the disk is full");
                }))
        .hasMessage("the disk is full");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining(path -> !path.equals(file));
  }

  @Test
  void aReaderNeverSeesAPart() throws Exception {
    Path file = folder.resolve("deep").resolve("file");
    AtomicFile.write(file, out -> out.write(filled(0)));
    try (ExecutorService writers = Executors.newFixedThreadPool(3)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 1; i <= 3; i++) {
        int value = i;
        running.add(writers.submit(() -> writeOften(file, value)));
      }
      while (!running.stream().allMatch(Future::isDone)) {
        byte[] seen = Files.readAllBytes(file);
        assertThat(seen).isEqualTo(filled(seen[0]));
      }
      for (Future<?> writer : running) {
        writer.get();
      }
    }
  }

  private static byte[] filled(int value) {
    byte[] bytes = new byte[100_000];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  private static Void writeOften(Path file, int value) throws IOException {
    for (int i = 0; i < 10; i++) {
      AtomicFile.write(
          file,
          out -> {
            out.write(filled(value), 0, 50_000);
            out.write(filled(value), 50_000, 50_000);
          });
    }
    return null;
  }
}
