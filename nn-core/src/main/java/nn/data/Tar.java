package nn.data;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * Reads the regular files of a gzip tar archive in order (POSIX.1-1988 "ustar"; extended headers
 * are passed over, so a name longer than 100 bytes comes cut).
 */
final class Tar {

  private static final int BLOCK = 512;

  /** Takes one file of the archive. */
  @FunctionalInterface
  interface Visitor {
    /**
     * Called for each regular file.
     *
     * @param name as in the archive
     * @param content of exactly this file; need not be read
     */
    void visit(String name, InputStream content) throws IOException;
  }

  private Tar() {}

  static void read(Path archive, Visitor visitor) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(archive), 1 << 16)) {
      byte[] header = in.readNBytes(BLOCK);
      while (header.length == BLOCK && header[0] != 0) {
        Entry content = new Entry(in, octal(header, 124, 12));
        long padding = (BLOCK - content.left % BLOCK) % BLOCK;
        boolean regular = header[156] == '0' || header[156] == 0;
        if (regular) {
          visitor.visit(text(header, 0, 100), content);
        }
        content.skipNBytes(content.left);
        in.skipNBytes(padding);
        header = in.readNBytes(BLOCK);
      }
    }
  }

  private static String text(byte[] header, int from, int length) {
    int end = from;
    while (end < from + length && header[end] != 0) {
      end++;
    }
    return new String(header, from, end - from, StandardCharsets.UTF_8);
  }

  private static long octal(byte[] header, int from, int length) throws DataException {
    try {
      return Long.parseUnsignedLong(text(header, from, length).strip(), 8);
    } catch (NumberFormatException e) {
      throw new DataException("not a tar archive: a size is no octal number; get it again", e);
    }
  }

  /** The bytes of one entry. */
  private static final class Entry extends InputStream {

    private final InputStream in;
    private long left;

    Entry(InputStream in, long left) {
      this.in = in;
      this.left = left;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      if (left == 0) {
        return length == 0 ? 0 : -1;
      }
      int read = in.read(bytes, offset, (int) Math.min(length, left));
      if (read < 0) {
        throw new EOFException("the archive ends inside a file");
      }
      left -= read;
      return read;
    }
  }
}
