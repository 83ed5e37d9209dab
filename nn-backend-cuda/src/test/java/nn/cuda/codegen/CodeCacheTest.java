package nn.cuda.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CodeCacheTest {
  private static final KernelSource SOURCE = KernelSource.of("kernel", "one");
  private static final byte[] CODE = {1, 2, 3, 4, 5};

  @TempDir private Path folder;

  @Test
  void findsWhatItKept() {
    CodeCache cache = new CodeCache(folder, "a compiler");
    assertThat(cache.find(SOURCE)).isNull();
    cache.keep(SOURCE, CODE);
    assertThat(cache.find(SOURCE)).isEqualTo(CODE);
  }

  @Test
  void knowsSourcesAndCompilersApart() {
    new CodeCache(folder, "a compiler").keep(SOURCE, CODE);
    assertThat(new CodeCache(folder, "another compiler").find(SOURCE)).isNull();
    CodeCache cache = new CodeCache(folder, "a compiler");
    assertThat(cache.find(KernelSource.of("kernel", "two"))).isNull();
    assertThat(cache.find(KernelSource.combining("kernel", "one"))).isNull();
  }

  @Test
  void takesNoDamagedFile() throws IOException {
    CodeCache cache = new CodeCache(folder, "a compiler");
    cache.keep(SOURCE, CODE);
    Path file = cache.file(SOURCE);
    byte[] all = Files.readAllBytes(file);
    for (int length = 0; length < all.length; length++) {
      Files.write(file, Arrays.copyOf(all, length));
      assertThat(cache.find(SOURCE)).as("%d bytes", length).isNull();
    }
    all[all.length - 2] ^= 1;
    Files.write(file, all);
    assertThat(cache.find(SOURCE)).isNull();
    cache.keep(SOURCE, CODE);
    assertThat(cache.find(SOURCE)).isEqualTo(CODE);
  }

  @Test
  void leavesNothingBesideItsFiles() throws IOException {
    new CodeCache(folder, "a compiler").keep(SOURCE, CODE);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void folderThatCannotBeWrittenCostsNoResult() throws IOException {
    Path file = Files.writeString(folder.resolve("a file"), "in the way");
    CodeCache cache = new CodeCache(file, "a compiler");
    cache.keep(SOURCE, CODE);
    assertThat(cache.find(SOURCE)).isNull();
  }
}
