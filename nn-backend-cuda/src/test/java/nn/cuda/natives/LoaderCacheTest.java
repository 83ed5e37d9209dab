package nn.cuda.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoaderCacheTest {
  @TempDir Path folder;

  private static byte[] cache(String... paths) {
    int strings = 48 + 24 * paths.length;
    ByteArrayOutputStream texts = new ByteArrayOutputStream();
    ByteBuffer head = ByteBuffer.allocate(strings).order(ByteOrder.nativeOrder());
    head.put("glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII)).putInt(paths.length);
    for (int i = 0; i < paths.length; i++) {
      head.putInt(48 + 24 * i + 4, strings + texts.size());
      texts.writeBytes(text(paths[i].substring(paths[i].lastIndexOf('/') + 1)));
      head.putInt(48 + 24 * i + 8, strings + texts.size());
      texts.writeBytes(text(paths[i]));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.array());
    all.writeBytes(texts.toByteArray());
    return all.toByteArray();
  }

  private static byte[] text(String text) {
    return (text + "\0").getBytes(StandardCharsets.US_ASCII);
  }

  @Test
  void tellsTheFoldersOfALibrary() throws IOException {
    byte[] bytes = cache("/a/libcuda.so.1", "/b/libcudart.so", "/c/libcuda.so", "/a/libcuda.so");
    Path file = Files.write(folder.resolve("cache"), bytes);
    assertThat(LoaderCache.folders(file, "libcuda.so"))
        .containsExactly(Path.of("/a"), Path.of("/c"));
  }

  @Test
  void aCacheThatIsDamagedOrMissingHoldsNothing() throws IOException {
    byte[] bytes = cache("/a/libcuda.so.1");
    for (int length = 0; length < bytes.length; length++) {
      byte[] part = Arrays.copyOf(bytes, length);
      Path file = Files.write(folder.resolve("cache"), part);
      assertThat(LoaderCache.folders(file, "libcuda.so")).isEmpty();
    }
    assertThat(LoaderCache.folders(folder.resolve("none"), "libcuda.so")).isEmpty();
  }

  @Test
  void readsTheCacheOfThisMachine() {
    Path real = Path.of("/etc/ld.so.cache");
    assumeTrue(Files.exists(real), "no glibc");
    assertThat(LoaderCache.folders(real, "libc.so.6")).isNotEmpty();
  }
}
