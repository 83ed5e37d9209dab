package nn.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.SplittableRandom;
import java.util.zip.GZIPInputStream;
import nn.data.Idx.ElementType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IdxTest {

  @TempDir Path folder;

  /** A random array of a rank from 0 to 5, ragged dimensions, zero among them now and then. */
  static Idx random(ElementType type, SplittableRandom random) {
    int[] shape = new int[random.nextInt(6)];
    int size = 1;
    for (int i = 0; i < shape.length; i++) {
      shape[i] = random.nextInt(12) == 0 ? 0 : random.nextInt(1, 8);
      size *= shape[i];
    }
    byte[] bytes = new byte[size * type.bytes()];
    random.nextBytes(bytes);
    return Idx.of(type, shape, bytes);
  }

  @ParameterizedTest
  @EnumSource
  void whatIsWrittenIsRead(ElementType type) throws IOException {
    SplittableRandom random = new SplittableRandom(type.code());
    for (int i = 0; i < 40; i++) {
      Idx idx = random(type, random);
      Path file = folder.resolve(type + "-" + i + (random.nextBoolean() ? ".gz" : ""));
      idx.write(file);
      Idx read = Idx.read(file);
      assertThat(read.type()).isEqualTo(type);
      assertThat(read.shape()).isEqualTo(idx.shape());
      assertThat(read.bytes()).isEqualTo(idx.bytes());
      assertThat(read.sha256()).isEqualTo(idx.sha256());
    }
  }

  @Test
  void writesTheBytesOfTheFormat() throws IOException {
    Idx idx = Idx.of(ElementType.I16, new int[] {2, 1}, new byte[] {0, 1, -1, -2});
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    idx.writeTo(out);
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo("00000b02" + "00000002" + "00000001" + "0001fffe");
  }

  @Test
  void sumIsThatOfThePlainFile() {
    // printf '\0\0\x08\x01\0\0\0\x02\x05\x06' | sha256sum
    assertThat(Idx.of(ElementType.U8, new int[] {2}, new byte[] {5, 6}).sha256())
        .isEqualTo("49faee2c2a65d1f617a310c5c00be5770637e6f1a705fc5e537723c11ee84be0");
  }

  @Test
  void packsWhereTheNameSaysSo() throws IOException {
    Idx idx = Idx.of(ElementType.U8, new int[] {3}, new byte[] {1, 2, 3});
    Path file = folder.resolve("a.gz");
    idx.write(file);
    try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      assertThat(in.readAllBytes()).hasSize(11);
    }
  }

  @Test
  void convertsEveryType() {
    int[] one = {1};
    assertThat(Idx.of(ElementType.U8, one, new byte[] {-1}).toInts()).containsExactly(255);
    assertThat(Idx.of(ElementType.I8, one, new byte[] {-1}).toInts()).containsExactly(-1);
    assertThat(Idx.of(ElementType.I16, one, new byte[] {-128, 1}).toInts()).containsExactly(-32767);
    byte[] minusTwo = ByteBuffer.allocate(4).putInt(-2).array();
    assertThat(Idx.of(ElementType.I32, one, minusTwo).toInts()).containsExactly(-2);
    byte[] f32 = ByteBuffer.allocate(4).putFloat(0.1f).array();
    assertThat(Idx.of(ElementType.F32, one, f32).toDoubles()).containsExactly(0.1f);
    byte[] f64 = ByteBuffer.allocate(8).putDouble(0.1).array();
    assertThat(Idx.of(ElementType.F64, one, f64).toDoubles()).containsExactly(0.1);
    assertThatIllegalStateException()
        .isThrownBy(() -> Idx.of(ElementType.F64, one, f64).toInts())
        .withMessageContaining("F64");
  }

  @ParameterizedTest
  @EnumSource(names = {"U8", "I8", "I16", "I32"})
  void integersAgreeWithDoubles(ElementType type) {
    Idx idx = random(type, new SplittableRandom(9));
    int[] ints = idx.toInts();
    double[] doubles = idx.toDoubles();
    assertThat(doubles).hasSize(ints.length);
    for (int i = 0; i < ints.length; i++) {
      assertThat(doubles[i]).isEqualTo(ints[i]);
    }
  }

  @Test
  void leavesAStreamOpenAndReadsItToItsEnd() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Idx.of(ElementType.U8, new int[] {300, 1000}, new byte[300_000]).writeTo(out);
    ByteArrayInputStream in = new ByteArrayInputStream(out.toByteArray());
    assertThat(Idx.read(in, "memory").size()).isEqualTo(300_000);
    assertThat(in.available()).isZero();
  }

  @Test
  void refusesBytesThatDoNotFitTheShape() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Idx.of(ElementType.I32, new int[] {2, 3}, new byte[6]))
        .withMessageContaining("24 bytes, not 6");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Idx.of(ElementType.U8, new int[] {-1}, new byte[1]))
        .withMessageContaining("negative");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Idx.of(ElementType.U8, new int[256], new byte[0]))
        .withMessageContaining("256");
  }
}
