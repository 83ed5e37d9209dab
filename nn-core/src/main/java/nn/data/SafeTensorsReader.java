package nn.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Parses one safetensors file; nothing is allocated for an array before its place is checked. */
final class SafeTensorsReader {

  /** The limit of the format's own implementation. */
  private static final long MAX_HEADER = 100_000_000;

  private static final Set<String> KEYS = Set.of("dtype", "shape", "data_offsets");

  /**
   * What the header says of one array; {@code begin} and {@code end} count from the header's end.
   */
  private record Entry(
      String name, NamedArray.Type type, List<Integer> shape, long begin, long end) {}

  private final Path file;
  private final FileChannel channel;

  private SafeTensorsReader(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  static SafeTensors read(Path file) throws DataException {
    if (Files.isDirectory(file)) {
      throw new DataException(file + ": is a directory; name a safetensors file");
    }
    try (FileChannel channel = FileChannel.open(file)) {
      return new SafeTensorsReader(file, channel).parse();
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

  private SafeTensors parse() throws IOException {
    long length = headerLength();
    Map<?, ?> header = header(length);
    Map<String, String> metadata = Map.of();
    List<Entry> entries = new ArrayList<>();
    for (Map.Entry<?, ?> member : header.entrySet()) {
      String name = (String) member.getKey();
      if (name.equals(SafeTensors.METADATA)) {
        metadata = metadata(member.getValue());
      } else {
        entries.add(entry(name, member.getValue()));
      }
    }
    entries.sort(Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end));
    long start = 8 + length;
    checkPlaces(entries, channel.size() - start);
    List<NamedArray> arrays = new ArrayList<>();
    for (Entry entry : entries) {
      ByteBuffer data = readFully(start + entry.begin(), (int) (entry.end() - entry.begin()));
      arrays.add(new NamedArray(entry.name(), entry.type(), entry.shape(), data));
    }
    return new SafeTensors(metadata, arrays);
  }

  private long headerLength() throws IOException {
    long size = channel.size();
    if (size < 8) {
      throw error("truncated: the length of the header takes 8 bytes, the file has " + size);
    }
    long length = readFully(0, 8).getLong();
    if (length < 0 || length > MAX_HEADER) {
      throw error(
          "says that its header has %s bytes, where %d are the most; this is no safetensors file"
              .formatted(Long.toUnsignedString(length), MAX_HEADER));
    }
    if (length > size - 8) {
      throw error("truncated: a header of %d bytes, %d found".formatted(length, size - 8));
    }
    return length;
  }

  private Map<?, ?> header(long length) throws IOException {
    Object json;
    try {
      ByteBuffer bytes = readFully(8, (int) length);
      json = Json.parse(StandardCharsets.UTF_8.newDecoder().decode(bytes).toString());
    } catch (CharacterCodingException e) {
      throw new DataException(file + ": its header is not UTF-8", e);
    } catch (DataException e) {
      throw new DataException(file + ": its header is " + e.getMessage(), e);
    }
    if (json instanceof Map<?, ?> map) {
      return map;
    }
    throw error("its header is no JSON object");
  }

  private Map<String, String> metadata(@Nullable Object value) throws DataException {
    Map<String, String> metadata = new LinkedHashMap<>();
    if (!(value instanceof Map<?, ?> map)) {
      throw error(SafeTensors.METADATA + " is no object");
    }
    for (Map.Entry<?, ?> member : map.entrySet()) {
      if (!(member.getValue() instanceof String text)) {
        throw error(SafeTensors.METADATA + ": the value of " + member.getKey() + " is no string");
      }
      metadata.put((String) member.getKey(), text);
    }
    return metadata;
  }

  private Entry entry(String name, @Nullable Object value) throws DataException {
    if (!(value instanceof Map<?, ?> map) || !map.keySet().equals(KEYS)) {
      throw error("array " + name + ": must have dtype, shape and data_offsets, and no more");
    }
    List<Long> offsets = integers(name, "data_offsets", map.get("data_offsets"));
    if (offsets.size() != 2 || offsets.get(0) > offsets.get(1)) {
      throw error("array %s: data_offsets %s is no [begin, end]".formatted(name, offsets));
    }
    List<Long> shape = integers(name, "shape", map.get("shape"));
    NamedArray.Type type = type(name, map.get("dtype"));
    long length = length(name, type, shape);
    if (length != offsets.get(1) - offsets.get(0)) {
      throw error(
          "array %s: %s %s takes %d bytes, data_offsets %s hold %d"
              .formatted(name, type, shape, length, offsets, offsets.get(1) - offsets.get(0)));
    }
    List<Integer> dims = shape.stream().map(Math::toIntExact).toList();
    return new Entry(name, type, dims, offsets.get(0), offsets.get(1));
  }

  private NamedArray.Type type(String name, @Nullable Object value) throws DataException {
    for (NamedArray.Type type : NamedArray.Type.values()) {
      if (type.name().equals(value)) {
        return type;
      }
    }
    throw error(
        "array %s: dtype %s is none of %s"
            .formatted(name, value, List.of(NamedArray.Type.values())));
  }

  private List<Long> integers(String name, String key, @Nullable Object value)
      throws DataException {
    List<Long> integers = new ArrayList<>();
    if (!(value instanceof List<?> list)) {
      throw error("array %s: %s is no array".formatted(name, key));
    }
    for (Object element : list) {
      if (!(element instanceof Long integer) || integer < 0) {
        throw error("array %s: %s is no whole number of %s".formatted(name, element, key));
      }
      integers.add(integer);
    }
    return integers;
  }

  private long length(String name, NamedArray.Type type, List<Long> shape) throws DataException {
    long length = type.bytes();
    for (long dim : shape) {
      // Neither factor exceeds 2^31, so the product cannot overflow.
      length = dim > Integer.MAX_VALUE ? Long.MAX_VALUE : length * dim;
      if (length > Integer.MAX_VALUE - 8) {
        throw error("array %s: %s %s is over 2 GiB".formatted(name, type, shape));
      }
    }
    return length;
  }

  private void checkPlaces(List<Entry> entries, long available) throws DataException {
    long at = 0;
    for (Entry entry : entries) {
      if (entry.begin() != at) {
        throw error(
            "array %s begins at byte %d of the data, %s the one before, which ends at %d"
                .formatted(
                    entry.name(), entry.begin(), entry.begin() < at ? "inside" : "apart from", at));
      }
      at = entry.end();
      if (at > available) {
        throw error(
            "truncated: array %s ends at byte %d of the data, of which there are %d"
                .formatted(entry.name(), at, available));
      }
    }
    if (at != available) {
      throw error(
          "goes on after its last array: %d bytes of data, %d used".formatted(available, at));
    }
  }

  private ByteBuffer readFully(long position, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, position + bytes.position()) < 0) {
        throw error("truncated while it was read; something else is writing it");
      }
    }
    return bytes.flip();
  }

  private DataException error(String what) {
    return new DataException(file + ": " + what + "; get or write the file again");
  }
}
