package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafeTensorsTest {

  private static final String A = "{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[0,2]}";

  @TempDir Path folder;

  private Path file(String header, int dataLength) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + json.length + dataLength).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(json.length).put(json);
    return Files.write(folder.resolve("x.safetensors"), bytes.array());
  }

  private static void refused(Path file, String message) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> SafeTensors.read(file))
        .withMessageStartingWith(file + ": ")
        .withMessageContaining(message);
  }

  /** By hand from the format's description: length, header padded to 8 with spaces, data. */
  @Test
  void writesTheBytesOfTheFormat() throws IOException {
    Path file = folder.resolve("golden.safetensors");
    SafeTensors.write(
        file,
        Map.of("format", "pt", "by", "nn"),
        List.of(
            NamedArray.ofU8("labels", new byte[] {7, -1}, 2),
            NamedArray.of("w", new float[] {1, -2, 0.5f}, 3, 1)));
    String header =
        "{\"__metadata__\":{\"by\":\"nn\",\"format\":\"pt\"},"
            + "\"w\":{\"dtype\":\"F32\",\"shape\":[3,1],\"data_offsets\":[0,12]},"
            + "\"labels\":{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[12,14]}}";
    String padded = header + " ".repeat((8 - header.length() % 8) % 8);
    String expected =
        "%02x00000000000000".formatted(padded.length())
            + HexFormat.of().formatHex(padded.getBytes(StandardCharsets.US_ASCII))
            + "0000803f"
            + "000000c0"
            + "0000003f"
            + "07ff";
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file))).isEqualTo(expected);
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    SplittableRandom random = new SplittableRandom(2);
    for (int round = 0; round < 30; round++) {
      List<NamedArray> arrays = new ArrayList<>();
      for (int i = 0; i < random.nextInt(8); i++) {
        arrays.add(random("layer \"" + i + "\" é\n", random));
      }
      Map<String, String> metadata = Map.of("seed", "" + round, "ключ", "\\ \" \t");
      Path file = folder.resolve(round + ".safetensors");
      SafeTensors.write(file, metadata, arrays);
      SafeTensors read = SafeTensors.read(file);
      assertThat(read.metadata()).isEqualTo(metadata);
      assertThat(read.arrays()).containsExactlyInAnyOrderElementsOf(arrays);
    }
  }

  private static NamedArray random(String name, SplittableRandom random) {
    List<NamedArray.Type> types = List.of(NamedArray.Type.values());
    NamedArray.Type type = types.get(random.nextInt(types.size()));
    List<Integer> shape = new ArrayList<>();
    int size = 1;
    for (int rank = random.nextInt(5); rank > 0; rank--) {
      int dim = random.nextInt(10) == 0 ? 0 : random.nextInt(1, 6);
      shape.add(dim);
      size *= dim;
    }
    byte[] bytes = new byte[size * type.bytes()];
    random.nextBytes(bytes);
    return new NamedArray(name, type, shape, ByteBuffer.wrap(bytes));
  }

  @Test
  void valuesComeBack() throws IOException {
    float[] floats = {1.5f, -0f, Float.NaN, Float.MIN_VALUE};
    double[] doubles = {Math.PI, -1e300};
    int[] ints = {Integer.MIN_VALUE, 3};
    short[] bits = {0x3F80, (short) 0xC000};
    Path file = folder.resolve("values");
    SafeTensors.write(
        file,
        Map.of(),
        List.of(
            NamedArray.of("f", floats, 2, 2),
            NamedArray.of("d", doubles, 2),
            NamedArray.of("i", ints, 2),
            NamedArray.ofU8("u", new byte[] {-1}),
            NamedArray.ofBf16("b", bits, 1, 2)));
    SafeTensors read = SafeTensors.read(file);
    assertThat(read.array("f").toFloats()).isEqualTo(floats);
    assertThat(read.array("f").shape()).containsExactly(2, 2);
    assertThat(read.array("d").toDoubles()).isEqualTo(doubles);
    assertThat(read.array("i").toInts()).isEqualTo(ints);
    assertThat(read.array("u").toInts()).containsExactly(255);
    assertThat(read.array("u").shape()).isEmpty();
    assertThat(read.array("b").toFloats()).containsExactly(1, -2);
    assertThat(read.array("b").toDoubles()).containsExactly(1, -2);
    assertThatIllegalStateException().isThrownBy(() -> read.array("i").toFloats());
    assertThatIllegalStateException().isThrownBy(() -> read.array("f").toInts());
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> read.array("g"))
        .withMessageContaining("no array is called g");
  }

  @Test
  void anOldFileIsReplaced() throws IOException {
    Path file = folder.resolve("p");
    SafeTensors.write(file, Map.of(), List.of(NamedArray.of("long", new float[100], 100)));
    SafeTensors.write(file, Map.of(), List.of());
    assertThat(SafeTensors.read(file).arrays()).isEmpty();
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void truncatedAnywhere() throws IOException {
    Path file = folder.resolve("whole");
    SafeTensors.write(file, Map.of("k", "v"), List.of(NamedArray.of("a", new int[5], 5)));
    byte[] whole = Files.readAllBytes(file);
    for (int length = 0; length < whole.length; length++) {
      Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(whole, length));
      refused(cut, "truncated");
    }
    refused(Files.write(file, Arrays.copyOf(whole, whole.length + 1)), "goes on after its last");
  }

  @Test
  void headerThatIsTooLong() throws IOException {
    for (long length : new long[] {100_000_001, -1, Long.MIN_VALUE}) {
      ByteBuffer bytes = ByteBuffer.allocate(100).order(ByteOrder.LITTLE_ENDIAN);
      bytes.putLong(length);
      Path file = Files.write(folder.resolve("long"), bytes.array());
      refused(file, "its header has " + Long.toUnsignedString(length) + " bytes");
    }
  }

  @Test
  void headerThatIsNoText() throws IOException {
    Path file = Files.write(folder.resolve("b"), new byte[] {2, 0, 0, 0, 0, 0, 0, 0, -1, -1});
    refused(file, "not UTF-8");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          []                                              | no JSON object
          {"a":                                           | not JSON at character 5
          {"a":1}                                         | must have dtype
          {"a":{"dtype":"U8","shape":[2]}}                | must have dtype
          {"a":$A,"a":$A}                                 | stands twice
          {"__metadata__":3}                              | is no object
          {"__metadata__":{"k":3}}                        | value of k is no string
          {"a":{"dtype":"Q9",$S,$O}}                      | dtype Q9 is none of
          {"a":{"dtype":8,$S,$O}}                         | dtype 8 is none of
          {"a":{"dtype":"U8","shape":2,$O}}               | shape is no array
          {"a":{"dtype":"U8","shape":[-2],$O}}            | -2 is no whole number
          {"a":{"dtype":"U8","shape":[2.0],$O}}           | 2.0 is no whole number
          {"a":{"dtype":"U8",$S,"data_offsets":[2]}}      | is no [begin, end]
          {"a":{"dtype":"U8",$S,"data_offsets":[2,0]}}    | is no [begin, end]
          {"a":{"dtype":"F32",$S,$O}}                     | takes 8 bytes
          {"a":{"dtype":"U8","shape":[4294967298],$O}}    | over 2 GiB
          {"a":{"dtype":"U8","shape":[65536,65536],$O}}   | over 2 GiB
          {"a":$A,"b":{"dtype":"U8",$S,"data_offsets":[1,3]}} | inside the one before
          {"a":$A,"b":$A}                                 | inside the one before
          {"a":$A,"b":{"dtype":"U8",$S,"data_offsets":[3,5]}} | apart from the one before
          {"b":{"dtype":"U8",$S,"data_offsets":[1,3]}}    | apart from the one before
          {"a":$A,"b":{"dtype":"U8",$S,"data_offsets":[2,4]}} | truncated: array b ends at byte 4
          {}                                              | 3 bytes of data, 0 used
          {"a":$A}                                        | 3 bytes of data, 2 used
          """)
  void damagedHeader(String header, String message) throws IOException {
    String full =
        header
            .replace("$A", A)
            .replace("$S", "\"shape\":[2]")
            .replace("$O", "\"data_offsets\":[0,2]");
    refused(file(full, 3), message);
  }

  @Test
  void anySwappedByteOfTheHeaderIsReadOrRefused() throws IOException {
    SplittableRandom random = new SplittableRandom(8);
    String header = "{\"a\":" + A + "}";
    for (int i = 0; i < 500; i++) {
      char[] chars = header.toCharArray();
      chars[random.nextInt(chars.length)] = (char) random.nextInt(32, 127);
      Path file = file(new String(chars), 2);
      try {
        assertThat(SafeTensors.read(file).arrays()).hasSizeLessThanOrEqualTo(1);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith(file + ": ");
      }
    }
  }

  @Test
  void cannotBeRead() {
    refused(folder.resolve("absent"), "no such file");
    refused(folder, "is a directory");
  }

  @Test
  void refusesToWriteWhatNoOneCouldRead() {
    NamedArray a = NamedArray.ofU8("a", new byte[1], 1);
    Path file = folder.resolve("twice");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(a, a)))
        .withMessageContaining("two arrays are called a");
    NamedArray reserved = NamedArray.ofU8("__metadata__", new byte[1], 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SafeTensors.write(file, Map.of(), List.of(reserved)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NamedArray.of("a", new float[3], 2, 2))
        .withMessageContaining("takes 16 bytes, not 12");
    assertThat(file).doesNotExist();
  }
}
