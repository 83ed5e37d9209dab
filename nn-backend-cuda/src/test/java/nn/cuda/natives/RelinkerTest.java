package nn.cuda.natives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import jcuda.driver.JCudaDriver;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RelinkerTest {
  private static byte[] library(String name) throws IOException {
    String file = "/lib/lib" + name + "-12.6.0-linux-x86_64.so";
    try (InputStream in = JCudaDriver.class.getResourceAsStream(file)) {
      assumeTrue(in != null, "JCuda's natives of this platform are others");
      return in.readAllBytes();
    }
  }

  private static int count(byte[] bytes, String text) {
    String all = new String(bytes, StandardCharsets.ISO_8859_1);
    return (all.length() - all.replace(text, "").length()) / text.length();
  }

  @ParameterizedTest
  @CsvSource({"JNvrtc, libnvrtc", "JCublas2, libcublas"})
  void replacesTheNameAndItsHash(String name, String needed) throws IOException {
    byte[] before = library(name);
    byte[] after = Relinker.relink(before, needed + ".so.12", needed + ".so.13");
    assertThat(count(after, needed + ".so.12")).isZero();
    assertThat(count(after, needed + ".so.13")).isPositive();
    assertThat(hashes(before, needed + ".so.12")).isPositive();
    assertThat(hashes(after, needed + ".so.12")).isZero();
    assertThat(hashes(after, needed + ".so.13")).isPositive();
    assertThat(Relinker.relink(after, needed + ".so.13", needed + ".so.12")).isEqualTo(before);
  }

  /** How often the four bytes of a name's hash are in a file. */
  private static int hashes(byte[] bytes, String name) {
    int hash = Integer.reverseBytes(Relinker.hash(name));
    byte[] four = {(byte) (hash >>> 24), (byte) (hash >>> 16), (byte) (hash >>> 8), (byte) hash};
    return count(bytes, new String(four, StandardCharsets.ISO_8859_1));
  }

  @Test
  void refusesALibraryThatNeedsNoSuchOne() throws IOException {
    byte[] library = library("JNvrtc");
    assertThatThrownBy(() -> Relinker.relink(library, "libcublas.so.12", "libcublas.so.13"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("libcublas.so.12");
    assertThatThrownBy(() -> Relinker.relink(library, "libnvrtc.so.9", "libnvrtc.so.13"))
        .hasMessageContaining("length");
  }

  /** The value is the one that the System V ABI's function gives, computed by another program. */
  @Test
  void hashesAsTheAbiSays() {
    assertThat(Relinker.hash("GLIBC_2.2.5")).isEqualTo(0x09691a75);
    assertThat(Relinker.hash("printf")).isEqualTo(0x077905a6);
  }
}
