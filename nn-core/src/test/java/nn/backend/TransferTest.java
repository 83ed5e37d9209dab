package nn.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import nn.backend.reference.ReferenceBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TransferTest {
  @ParameterizedTest
  @EnumSource
  void keepsWhatTheTypeCanHold(DType type) {
    try (Backend backend = new ReferenceBackend()) {
      double[] values = {0, 1, 2, 127, 128, 255};
      Buffer buffer = backend.allocate(type, 7);
      Transfer.write(backend, buffer, values);
      assertThat(Transfer.read(backend, buffer)).containsExactly(0, 1, 2, 127, 128, 255, 0);
    }
  }

  @Test
  void everyBFloat16IsItsOwnNearest() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = BFloat16.toFloat((short) bits);
      if (Float.isNaN(value)) {
        assertThat(BFloat16.toFloat(BFloat16.of(value))).isNaN();
      } else {
        assertThat(BFloat16.of(value)).isEqualTo((short) bits);
      }
    }
  }

  @Test
  void roundsToTheNearestBFloat16TiesToEven() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 100_000; i++) {
      int bits = random.nextInt(0x7f7f_0000); // below the largest finite bfloat16
      float value = Float.intBitsToFloat(bits);
      int below = bits >>> 16;
      double low = BFloat16.toFloat((short) below);
      double high = BFloat16.toFloat((short) (below + 1));
      int nearest = value - low < high - value ? below : below + 1;
      boolean tie = value - low == high - value;
      int expected = tie ? below + (below & 1) : nearest;
      assertThat((int) BFloat16.of(value)).isEqualTo(expected);
      assertThat(BFloat16.of(-value)).isEqualTo((short) (expected | 0x8000));
    }
    assertThat(BFloat16.of(Float.MAX_VALUE)).isEqualTo(BFloat16.of(Float.POSITIVE_INFINITY));
  }
}
