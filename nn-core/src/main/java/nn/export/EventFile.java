package nn.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * An event file, which TensorBoard shows while it grows: a TFRecord file of Event messages. Each
 * value has a tag, its name, and a step.
 */
public final class EventFile implements AutoCloseable {
  private static final int SESSION_START = 1;

  /** Where a PNG file says how wide it is, and how high. */
  private static final int PNG_WIDTH = 16;

  private static final int PNG_HEIGHT = 20;

  private static final int CRC_MASK = 0xa282ead8;

  private final OutputStream out;

  /**
   * Creates a file in a folder, which may hold others of the same run.
   *
   * @param firstStep what other files hold from this step on is void: the run was resumed there
   * @throws IOException if it cannot be created
   */
  public EventFile(Path folder, long firstStep) throws IOException {
    Files.createDirectories(folder);
    String name = "events.out.tfevents.%d.nn".formatted(System.currentTimeMillis());
    Path file = folder.resolve(name);
    for (int i = 2; Files.exists(file); i++) {
      file = folder.resolve(name + i);
    }
    out = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    write(event(0).text(3, "brain.Event:2"));
    if (firstStep > 0) {
      write(event(firstStep).message(7, new Protobuf().integer(1, SESSION_START)));
    }
  }

  /** Adds a number. */
  public void scalar(String tag, long step, double value) throws IOException {
    value(step, new Protobuf().text(1, tag).real32(2, (float) value));
  }

  /**
   * Adds the distribution of some numbers.
   *
   * @param values finite; at least one
   */
  public void histogram(String tag, long step, double[] values) throws IOException {
    value(step, new Protobuf().text(1, tag).message(5, Histogram.of(values)));
  }

  /**
   * Adds a picture.
   *
   * @param png a PNG file of colours
   */
  public void image(String tag, long step, byte[] png) throws IOException {
    ByteBuffer header = ByteBuffer.wrap(png);
    Protobuf image =
        new Protobuf()
            .integer(1, header.getInt(PNG_HEIGHT))
            .integer(2, header.getInt(PNG_WIDTH))
            .integer(3, 3)
            .bytes(4, png);
    value(step, new Protobuf().text(1, tag).message(4, image));
  }

  private void value(long step, Protobuf value) throws IOException {
    write(event(step).message(5, new Protobuf().message(1, value)));
  }

  private static Protobuf event(long step) {
    return new Protobuf().real64(1, System.currentTimeMillis() / 1e3).integer(2, step);
  }

  /** A record: its length, that one's checksum, the data, their checksum; in one write. */
  private void write(Protobuf event) throws IOException {
    byte[] data = event.toBytes();
    ByteBuffer bytes = ByteBuffer.allocate(16 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(data.length);
    bytes.putInt(maskedCrc(bytes.array(), 8));
    bytes.put(data);
    bytes.putInt(maskedCrc(data, data.length));
    out.write(bytes.array());
  }

  /** TFRecord's checksum: CRC-32C, rotated and moved, so that data may hold checksums. */
  static int maskedCrc(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return Integer.rotateRight((int) crc.getValue(), 15) + CRC_MASK;
  }

  /** Everything is in the file before this; it frees the file. */
  @Override
  public void close() throws IOException {
    out.close();
  }
}
