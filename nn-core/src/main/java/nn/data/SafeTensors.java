package nn.data;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A safetensors file: named arrays, and strings about them. The format is eight bytes with the
 * length of the header, little-endian; the header, a JSON object that gives type, shape and place
 * of every array; then their elements, without a gap.
 *
 * @param metadata free strings by key
 * @param arrays in the order of the file
 */
public record SafeTensors(Map<String, String> metadata, List<NamedArray> arrays) {

  static final String METADATA = "__metadata__";

  /** Keeps what it is given, unmodifiable. */
  public SafeTensors {
    metadata = Map.copyOf(metadata);
    arrays = List.copyOf(arrays);
  }

  /**
   * Reads and checks a whole file.
   *
   * @throws DataException where it is absent, unreadable, truncated, too long, or where its header
   *     is no JSON object of the form, has a type that we do not know, or places that leave the
   *     file, overlap, leave a gap or do not fit type and shape
   */
  public static SafeTensors read(Path file) throws DataException {
    return SafeTensorsReader.read(file);
  }

  /**
   * Writes a file atomically. Arrays of wider elements come first, so that each is aligned; else
   * the order stays. The same arguments give the same bytes.
   *
   * @throws IllegalArgumentException where two arrays share a name, or one is called {@code
   *     __metadata__}
   */
  public static void write(Path file, Map<String, String> metadata, List<NamedArray> arrays)
      throws IOException {
    checkNames(arrays);
    List<NamedArray> ordered = new ArrayList<>(arrays);
    ordered.sort(Comparator.comparingInt((NamedArray array) -> array.type().bytes()).reversed());
    byte[] header = header(metadata, ordered);
    AtomicFile.write(file, out -> write(out, header, ordered));
  }

  private static void checkNames(List<NamedArray> arrays) {
    Set<String> names = new HashSet<>();
    for (NamedArray array : arrays) {
      if (array.name().equals(METADATA)) {
        throw new IllegalArgumentException("no array can be called " + METADATA);
      }
      if (!names.add(array.name())) {
        throw new IllegalArgumentException("two arrays are called " + array.name());
      }
    }
  }

  private static byte[] header(Map<String, String> metadata, List<NamedArray> arrays) {
    List<String> members = new ArrayList<>();
    if (!metadata.isEmpty()) {
      String strings =
          new TreeMap<>(metadata)
              .entrySet().stream()
                  .map(entry -> Json.quote(entry.getKey()) + ":" + Json.quote(entry.getValue()))
                  .collect(Collectors.joining(",", "{", "}"));
      members.add(Json.quote(METADATA) + ":" + strings);
    }
    long offset = 0;
    for (NamedArray array : arrays) {
      long end = offset + array.data().remaining();
      String shape =
          array.shape().stream().map(String::valueOf).collect(Collectors.joining(",", "[", "]"));
      members.add(
          "%s:{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
              .formatted(Json.quote(array.name()), array.type(), shape, offset, end));
      offset = end;
    }
    byte[] json = ("{" + String.join(",", members) + "}").getBytes(StandardCharsets.UTF_8);
    return pad(json);
  }

  /** Spaces behind the JSON let the elements start at a multiple of 8. */
  private static byte[] pad(byte[] json) {
    String spaces = " ".repeat(-json.length & 7);
    byte[] padded = new byte[json.length + spaces.length()];
    System.arraycopy(json, 0, padded, 0, json.length);
    System.arraycopy(
        spaces.getBytes(StandardCharsets.UTF_8), 0, padded, json.length, spaces.length());
    return padded;
  }

  private static void write(OutputStream out, byte[] header, List<NamedArray> arrays)
      throws IOException {
    ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    out.write(length.putLong(header.length).array());
    out.write(header);
    WritableByteChannel channel = Channels.newChannel(out);
    for (NamedArray array : arrays) {
      ByteBuffer data = array.data();
      while (data.hasRemaining()) {
        channel.write(data);
      }
    }
  }

  /**
   * The array of a name.
   *
   * @throws DataException where there is none
   */
  public NamedArray array(String name) throws DataException {
    for (NamedArray array : arrays) {
      if (array.name().equals(name)) {
        return array;
      }
    }
    throw new DataException(
        "no array is called "
            + name
            + "; there are "
            + arrays.stream().map(NamedArray::name).toList());
  }
}
