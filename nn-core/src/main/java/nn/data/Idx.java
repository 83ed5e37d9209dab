package nn.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;

/**
 * An array of any rank in the IDX format, the one MNIST is distributed in: two zero bytes, a byte
 * for the element type, a byte for the rank, the dimensions as 32-bit integers, then the elements
 * in row order; all of it big-endian. A file has exactly one form, so {@link #sha256()} is the sum
 * of the (unpacked) file that it was read from.
 */
public final class Idx {

  /** The element types of the format. */
  public enum ElementType {
    /** Unsigned byte. */
    U8(0x08, 1),
    /** Signed byte. */
    I8(0x09, 1),
    /** 16-bit signed integer. */
    I16(0x0B, 2),
    /** 32-bit signed integer. */
    I32(0x0C, 4),
    /** IEEE 754 binary32. */
    F32(0x0D, 4),
    /** IEEE 754 binary64. */
    F64(0x0E, 8);

    private final int code;
    private final int bytes;

    ElementType(int code, int bytes) {
      this.code = code;
      this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
      return bytes;
    }

    int code() {
      return code;
    }
  }

  /** The longest rank that the one byte of the header can say. */
  static final int MAX_RANK = 255;

  private final ElementType type;
  private final int[] shape;
  private final byte[] bytes;

  private Idx(ElementType type, int[] shape, byte[] bytes) {
    this.type = type;
    this.shape = shape;
    this.bytes = bytes;
  }

  /**
   * An array over {@code bytes}, which is not copied.
   *
   * @param type of the elements
   * @param shape at most 255 dimensions, none negative; no dimension at all is a single element
   * @param bytes the elements in row order, big-endian
   * @throws IllegalArgumentException where the length of {@code bytes} is not that of the shape
   */
  public static Idx of(ElementType type, int[] shape, byte[] bytes) {
    if (shape.length > MAX_RANK) {
      throw new IllegalArgumentException("rank " + shape.length + " is over " + MAX_RANK);
    }
    long length = type.bytes();
    for (int dim : shape) {
      if (dim < 0) {
        throw new IllegalArgumentException("negative dimension in " + Arrays.toString(shape));
      }
      length = Math.multiplyExact(length, dim);
    }
    if (length != bytes.length) {
      throw new IllegalArgumentException(
          "%s %s takes %d bytes, not %d"
              .formatted(type, Arrays.toString(shape), length, bytes.length));
    }
    return new Idx(type, shape.clone(), bytes);
  }

  /**
   * Reads a file, plain or gzip (told apart by its first bytes).
   *
   * @throws DataException where it is absent, unreadable, no IDX, truncated, or longer than it says
   */
  public static Idx read(Path file) throws DataException {
    return IdxReader.read(file);
  }

  /**
   * Reads a stream to its end, plain or gzip (told apart by its first bytes); leaves it open.
   *
   * @param name what messages call the stream
   * @throws DataException as {@link #read(Path)}
   */
  public static Idx read(InputStream in, String name) throws DataException {
    return IdxReader.read(in, name);
  }

  /** Writes a file atomically; gzip where its name ends in {@code .gz}. */
  public void write(Path file) throws IOException {
    boolean gzip = file.toString().endsWith(".gz");
    AtomicFile.write(
        file,
        out -> {
          if (gzip) {
            writeGzip(out);
          } else {
            writeTo(out);
          }
        });
  }

  private void writeGzip(OutputStream out) throws IOException {
    GZIPOutputStream packed =
        new GZIPOutputStream(out, 1 << 16) {
          {
            def.setLevel(Deflater.BEST_COMPRESSION);
          }
        };
    writeTo(packed);
    packed.finish();
  }

  /** Writes the plain format; leaves the stream open. */
  public void writeTo(OutputStream out) throws IOException {
    out.write(header());
    out.write(bytes);
  }

  private byte[] header() {
    ByteBuffer header = ByteBuffer.allocate(4 + 4 * shape.length);
    header.put((byte) 0).put((byte) 0).put((byte) type.code()).put((byte) shape.length);
    for (int dim : shape) {
      header.putInt(dim);
    }
    return header.array();
  }

  /** SHA-256 of the plain file, in lower-case hexadecimal digits. */
  public String sha256() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(header());
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** Type of the elements. */
  public ElementType type() {
    return type;
  }

  /** The dimensions. */
  public int[] shape() {
    return shape.clone();
  }

  /** Number of elements. */
  public int size() {
    return bytes.length / type.bytes();
  }

  /** The elements in row order, big-endian; the array itself, not to be written to. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * The elements of an integer type.
   *
   * @throws IllegalStateException where they are floating-point numbers
   */
  public int[] toInts() {
    int[] values = new int[size()];
    ByteBuffer data = ByteBuffer.wrap(bytes);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case U8 -> Byte.toUnsignedInt(data.get());
            case I8 -> data.get();
            case I16 -> data.getShort();
            case I32 -> data.getInt();
            case F32, F64 -> throw new IllegalStateException(type + " does not fit an int");
          };
    }
    return values;
  }

  /** The elements of any type, exactly. */
  public double[] toDoubles() {
    double[] values = new double[size()];
    ByteBuffer data = ByteBuffer.wrap(bytes);
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (type) {
            case U8 -> Byte.toUnsignedInt(data.get());
            case I8 -> data.get();
            case I16 -> data.getShort();
            case I32 -> data.getInt();
            case F32 -> data.getFloat();
            case F64 -> data.getDouble();
          };
    }
    return values;
  }
}
