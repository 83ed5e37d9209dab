package nn.data;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import nn.data.Idx.ElementType;
import org.assertj.core.api.ThrowableAssertAlternative;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damage of every kind gives a {@link DataException} that names the file, never anything else. */
class IdxCorruptionTest {

  @TempDir Path folder;

  private static byte[] valid() throws IOException {
    byte[] bytes = new byte[60];
    new SplittableRandom(1).nextBytes(bytes);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Idx.of(ElementType.I16, new int[] {2, 5, 3}, bytes).writeTo(out);
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream packed = new GZIPOutputStream(out)) {
      packed.write(bytes);
    }
    return out.toByteArray();
  }

  private ThrowableAssertAlternative<DataException> refused(byte[] content) throws IOException {
    Path file = folder.resolve("some-file");
    Files.write(file, content);
    return assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Idx.read(file))
        .withMessageStartingWith(file + ": ");
  }

  private static byte[] hex(String digits) {
    return HexFormat.of().parseHex(digits);
  }

  @Test
  void truncatedAnywhere() throws IOException {
    byte[] valid = valid();
    for (int length = 0; length < valid.length; length++) {
      refused(Arrays.copyOf(valid, length)).withMessageContaining("truncated");
      byte[] cut = Arrays.copyOf(valid, length);
      assertThatExceptionOfType(DataException.class)
          .isThrownBy(() -> Idx.read(new ByteArrayInputStream(cut), "stream"))
          .withMessageContaining("stream: truncated");
    }
  }

  @Test
  void truncationSaysHowManyBytes() throws IOException {
    byte[] cut = Arrays.copyOf(valid(), 16 + 41);
    refused(cut).withMessageContaining("takes 60 bytes").withMessageContaining("41 found");
    refused(gzip(cut)).withMessageContaining("takes 60 bytes").withMessageContaining("41 found");
  }

  @Test
  void truncatedInsideItsPacking() throws IOException {
    byte[] packed = gzip(valid());
    for (int length = 2; length < packed.length; length++) {
      refused(Arrays.copyOf(packed, length)).withMessageContaining("truncated");
    }
  }

  @Test
  void damagedInsideItsPacking() throws IOException {
    byte[] packed = gzip(valid());
    packed[packed.length - 6] ^= 1; // the packing's own sum
    refused(packed).withMessageContaining("gzip packing is damaged");
    packed[10] = -1; // the first block's kind
    refused(packed).withMessageContaining("gzip packing is damaged");
  }

  @Test
  void goesOnAfterItsData() throws IOException {
    byte[] longer = Arrays.copyOf(valid(), valid().length + 3);
    refused(longer).withMessageContaining("goes on after its data").withMessageContaining("63");
    refused(gzip(longer)).withMessageContaining("goes on after its data");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "01000801",
        "00010801",
        "00000701",
        "00000a01",
        "00000f01",
        "89504e47",
        "3c21444f"
      })
  void isNoIdx(String magic) throws IOException {
    refused(hex(magic + "0000000105"))
        .withMessageContaining("not an IDX file")
        .withMessageContaining(magic.substring(0, 2) + " " + magic.substring(2, 4));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000801ffffffff",
        "00000e017fffffff",
        "000008027fffffff7fffffff",
        "00000c0400010000000100000001000000010000",
      })
  void saysThatItIsHuge(String header) throws IOException {
    refused(hex(header)).withMessageContaining("more than 2 GiB");
    refused(gzip(hex(header))).withMessageContaining("more than 2 GiB");
  }

  /** 2 GB by the header, 5 bytes in truth: fails at once, without asking for the memory. */
  @Test
  void aLyingHeaderCostsNoMemory() throws IOException {
    byte[] lie = hex("000008017fffff00" + "0102030405");
    refused(lie).withMessageContaining("5 found");
    refused(gzip(lie)).withMessageContaining("5 found");
  }

  /** No other header within one bit fits the data, whose length is 60. */
  @Test
  void anyFlippedBitOfTheHeaderIsNoticed() throws IOException {
    byte[] valid = valid();
    for (int bit = 0; bit < 16 * 8; bit++) {
      byte[] changed = valid.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      refused(changed);
    }
  }

  @Test
  void cannotBeRead() {
    Path absent = folder.resolve("absent");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Idx.read(absent))
        .withMessageContaining(absent + ": no such file");
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> Idx.read(folder))
        .withMessageContaining("is a directory");
  }
}
