package nn.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import nn.data.Idx.ElementType;

/** Parses one IDX stream. Believes nothing that the header says before the data bears it out. */
final class IdxReader {

  /** What the stream cannot tell: its length is unknown until it has been read. */
  private static final long UNKNOWN = -1;

  private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

  /** Reads are cut to this: the JDK copies each through a native buffer of the read's size. */
  private static final int CHUNK = 1 << 17;

  private final InputStream in;
  private final String name;
  private final long length;

  private IdxReader(InputStream in, String name, long length) {
    this.in = in;
    this.name = name;
    this.length = length;
  }

  static Idx read(Path file) throws DataException {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a directory; name an IDX file in it");
    }
    try (InputStream in = Files.newInputStream(file)) {
      return read(in, file.toString(), Files.size(file));
    } catch (NoSuchFileException e) {
      throw new DataException(file + ": no such file; check the path", e);
    } catch (AccessDeniedException e) {
      throw new DataException(file + ": may not be read; check its permissions", e);
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  static Idx read(InputStream in, String name) throws DataException {
    return read(in, name, UNKNOWN);
  }

  private static Idx read(InputStream raw, String name, long length) throws DataException {
    try {
      BufferedInputStream in = new BufferedInputStream(raw, 1 << 13);
      in.mark(2);
      byte[] start = in.readNBytes(2);
      in.reset();
      boolean gzip = start.length == 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
      return gzip
          ? new IdxReader(new GZIPInputStream(in, 1 << 16), name, UNKNOWN).parse()
          : new IdxReader(in, name, length).parse();
    } catch (ZipException e) {
      throw new DataException(
          name + ": its gzip packing is damaged (" + e.getMessage() + "); get the file again", e);
    } catch (EOFException e) {
      throw new DataException(name + ": truncated inside its gzip packing; get the file again", e);
    } catch (DataException e) {
      throw e;
    } catch (IOException e) {
      throw new DataException(name + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private Idx parse() throws IOException {
    byte[] magic = readHeader(4, "the magic number");
    ElementType type = elementType(magic);
    int[] shape = new int[Byte.toUnsignedInt(magic[3])];
    ByteBuffer dims = ByteBuffer.wrap(readHeader(4 * shape.length, "the dimensions"));
    dims.asIntBuffer().get(shape);
    int payload = payload(type, shape);
    int headerLength = 4 + 4 * shape.length;
    if (length != UNKNOWN) {
      checkLength(length - headerLength, payload, type, shape);
    }
    byte[] bytes = readPayload(payload, type, shape);
    if (in.read() != -1) {
      throw tooLong(payload, type, shape);
    }
    return Idx.of(type, shape, bytes);
  }

  private byte[] readHeader(int count, String what) throws IOException {
    byte[] bytes = new byte[count];
    int found = fill(bytes, 0, count);
    if (found < count) {
      throw new DataException(
          "%s: truncated in %s: %d bytes expected, %d found; get the file again"
              .formatted(name, what, count, found));
    }
    return bytes;
  }

  private ElementType elementType(byte[] magic) throws DataException {
    if (magic[0] == 0 && magic[1] == 0) {
      for (ElementType type : ElementType.values()) {
        if (type.code() == magic[2]) {
          return type;
        }
      }
    }
    throw new DataException(
        "%s: not an IDX file: it begins with %s, where 00 00, a type in 08 09 0b 0c 0d 0e and the"
                .formatted(name, HexFormat.ofDelimiter(" ").formatHex(magic))
            + " rank belong; check that this is the right file");
  }

  private int payload(ElementType type, int[] shape) throws DataException {
    long product = type.bytes();
    for (int dim : shape) {
      product = dim < 0 ? Long.MAX_VALUE : product * dim;
      if (product > MAX_ARRAY) {
        throw new DataException(
            "%s: says that it holds %s of shape %s, more than 2 GiB; the header is damaged, get the"
                    .formatted(name, type, Arrays.toString(shape))
                + " file again");
      }
    }
    return (int) product;
  }

  private void checkLength(long found, int payload, ElementType type, int[] shape)
      throws DataException {
    if (found < payload) {
      throw truncated(found, payload, type, shape);
    }
    if (found > payload) {
      throw tooLong(payload, type, shape);
    }
  }

  /** Grows with what arrives unless the length is known, so a lying header costs no memory. */
  private byte[] readPayload(int payload, ElementType type, int[] shape) throws IOException {
    byte[] bytes = new byte[length == UNKNOWN ? Math.min(payload, CHUNK) : payload];
    int found = 0;
    while (true) {
      found += fill(bytes, found, bytes.length);
      if (found == payload) {
        return bytes;
      }
      if (found < bytes.length) {
        throw truncated(found, payload, type, shape);
      }
      bytes = Arrays.copyOf(bytes, (int) Math.min(payload, 2L * bytes.length));
    }
  }

  /** Reads until {@code end} or the end of the stream; a cut gzip stream is an end too. */
  private int fill(byte[] bytes, int start, int end) throws IOException {
    int at = start;
    try {
      while (at < end) {
        int read = in.read(bytes, at, Math.min(CHUNK, end - at));
        if (read < 0) {
          break;
        }
        at += read;
      }
    } catch (EOFException e) {
      return at - start;
    }
    return at - start;
  }

  private DataException truncated(long found, int payload, ElementType type, int[] shape) {
    return new DataException(
        "%s: truncated: %s of shape %s takes %d bytes after the header, %d found; get the file again"
            .formatted(name, type, Arrays.toString(shape), payload, found));
  }

  private DataException tooLong(int payload, ElementType type, int[] shape) {
    String excess = length == UNKNOWN ? "more" : (length - 4 - 4L * shape.length) + "";
    return new DataException(
        "%s: goes on after its data: %s of shape %s takes %d bytes after the header, %s found; get"
                .formatted(name, type, Arrays.toString(shape), payload, excess)
            + " the file again");
  }
}
