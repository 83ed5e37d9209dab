package nn.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Index;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EventFileTest {
  @TempDir private Path folder;

  /** A message read back: the values of each field, numbers as long bits. */
  private record Message(Map<Integer, List<Object>> fields) {
    static Message parse(byte[] bytes) {
      Map<Integer, List<Object>> fields = new LinkedHashMap<>();
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining()) {
        long key = varint(in);
        Object value =
            switch ((int) (key & 7)) {
              case 0 -> varint(in);
              case 1 -> in.getDouble();
              case 2 -> {
                byte[] data = new byte[(int) varint(in)];
                in.get(data);
                yield data;
              }
              case 5 -> in.getFloat();
              default -> throw new AssertionError("wire type " + (key & 7));
            };
        fields.computeIfAbsent((int) (key >>> 3), k -> new ArrayList<>()).add(value);
      }
      return new Message(fields);
    }

    private static long varint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte b = in.get();
        value |= (b & 0x7fL) << shift;
        if (b >= 0) {
          return value;
        }
      }
    }

    Object get(int field) {
      List<Object> values = fields.getOrDefault(field, List.of());
      assertThat(values).as("field " + field + " of " + fields.keySet()).hasSize(1);
      return values.getFirst();
    }

    Message message(int field) {
      return parse((byte[]) get(field));
    }

    String text(int field) {
      return new String((byte[]) get(field), StandardCharsets.UTF_8);
    }

    double[] packed(int field) {
      ByteBuffer bytes = ByteBuffer.wrap((byte[]) get(field)).order(ByteOrder.LITTLE_ENDIAN);
      double[] values = new double[bytes.remaining() / 8];
      bytes.asDoubleBuffer().get(values);
      return values;
    }
  }

  /** Reads all records and checks their sums. */
  private List<Message> events() throws IOException {
    Path file;
    try (Stream<Path> files = Files.list(folder)) {
      file = files.sorted().toList().getLast();
    }
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Message> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      assertThat(in.getInt()).isEqualTo(EventFile.maskedCrc(length, 8));
      int size = Math.toIntExact(ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong());
      byte[] data = new byte[size];
      in.get(data);
      assertThat(in.getInt()).isEqualTo(EventFile.maskedCrc(data, size));
      events.add(Message.parse(data));
    }
    return events;
  }

  /** The value of CRC-32C is RFC 3720's for 32 zeros, masked by hand. */
  @Test
  void theChecksumIsMasked() {
    int crc = 0x8a9136aa;
    assertThat(EventFile.maskedCrc(new byte[32], 32))
        .isEqualTo((crc >>> 15 | crc << 17) + 0xa282ead8);
  }

  @Test
  void whatIsWrittenIsReadBack() throws IOException {
    byte[] png = new byte[40];
    ByteBuffer.wrap(png).putInt(16, 31).putInt(20, 17);
    try (EventFile file = new EventFile(folder, 0)) {
      file.scalar("loss", 300, 0.25);
      file.histogram("weights", 7, new double[] {-1, 0, 0, 2});
      file.image("mistakes", 1L << 40, png);
      assertThat(events()).as("at once, not at the end").hasSize(4);
    }
    List<Message> events = events();
    assertThat(events.get(0).text(3)).isEqualTo("brain.Event:2");
    assertThat((double) events.get(0).get(1))
        .isCloseTo(System.currentTimeMillis() / 1e3, within(600.0));
    assertThat(events.get(1).get(2)).isEqualTo(300L);
    Message scalar = events.get(1).message(5).message(1);
    assertThat(scalar.text(1)).isEqualTo("loss");
    assertThat(scalar.get(2)).isEqualTo(0.25f);
    Message histogram = events.get(2).message(5).message(1).message(5);
    assertThat(Stream.of(1, 2, 3, 4, 5).map(histogram::get).map(value -> (double) value).toList())
        .containsExactly(-1.0, 2.0, 4.0, 1.0, 5.0);
    assertThat(histogram.packed(6)).hasSize(30).endsWith(2.0);
    assertThat(histogram.packed(7)).startsWith(1).endsWith(1).contains(2, Index.atIndex(10));
    Message image = events.get(3).message(5).message(1).message(4);
    assertThat(events.get(3).get(2)).isEqualTo(1L << 40);
    assertThat(List.of(image.get(1), image.get(2), image.get(3))).containsExactly(17L, 31L, 3L);
    assertThat((byte[]) image.get(4)).isEqualTo(png);
  }

  @Test
  void aResumedRunVoidsWhatOtherFilesHoldOfItsSteps() throws IOException {
    new EventFile(folder, 0).close();
    new EventFile(folder, 12).close();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).hasSize(2);
    }
    List<Message> events = events();
    assertThat(events).hasSize(2);
    assertThat(events.get(1).get(2)).isEqualTo(12L);
    assertThat(events.get(1).message(7).get(1)).isEqualTo(1L);
  }

  @Test
  void equalValuesHaveAHistogram() throws IOException {
    try (EventFile file = new EventFile(folder, 0)) {
      file.histogram("zeros", 0, new double[5]);
    }
    assertThat(events().get(1).message(5).message(1).message(5).packed(7)).startsWith(5, 0);
  }
}
