package nn.cuda.natives;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads {@code /etc/ld.so.cache}, where glibc's loader keeps which libraries the system has: a
 * header with the number of entries, entries of 24 bytes with the offsets of a name and a path, and
 * the strings (struct {@code cache_file_new} of glibc's dl-cache.h).
 */
final class LoaderCache {
  private static final byte[] MAGIC = "glibc-ld.so.cache1.1".getBytes(StandardCharsets.US_ASCII);
  private static final int HEADER = 48;
  private static final int ENTRY = 24;
  private static final int NAME = 4;
  private static final int PATH = 8;

  private LoaderCache() {}

  /** The folders that hold a library whose name begins so; none where the cache is unreadable. */
  static List<Path> folders(Path cache, String prefix) {
    try {
      return parse(Files.readAllBytes(cache), prefix);
    } catch (IOException | IndexOutOfBoundsException unreadable) {
      return List.of();
    }
  }

  private static List<Path> parse(byte[] bytes, String prefix) {
    int start = find(bytes);
    List<Path> folders = new ArrayList<>();
    if (start < 0) {
      return folders;
    }
    ByteBuffer cache =
        ByteBuffer.wrap(bytes, start, bytes.length - start).slice().order(ByteOrder.nativeOrder());
    int entries = cache.getInt(MAGIC.length);
    for (int i = 0; i < entries; i++) {
      int entry = HEADER + i * ENTRY;
      if (text(cache, cache.getInt(entry + NAME)).startsWith(prefix)) {
        Path folder = Path.of(text(cache, cache.getInt(entry + PATH))).getParent();
        if (folder != null && !folders.contains(folder)) {
          folders.add(folder);
        }
      }
    }
    return folders;
  }

  /** An older format may stand before the one that we read. */
  private static int find(byte[] bytes) {
    for (int at = 0; at + HEADER <= bytes.length; at += 8) {
      if (Arrays.equals(bytes, at, at + MAGIC.length, MAGIC, 0, MAGIC.length)) {
        return at;
      }
    }
    return -1;
  }

  private static String text(ByteBuffer cache, int at) {
    int end = at;
    while (cache.get(end) != 0) {
      end++;
    }
    byte[] text = new byte[end - at];
    cache.get(at, text);
    return new String(text, StandardCharsets.UTF_8);
  }
}
