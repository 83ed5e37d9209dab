package nn.cuda.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeviceMemoryTest {
  @Test
  void blocksAreLittleLargerThanAsked() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 10_000; i++) {
      long bytes = 1 + (random.nextLong() >>> (24 + random.nextInt(39)));
      long block = DeviceMemory.rounded(bytes);
      assertThat(block).isBetween(bytes, bytes + Math.max(512, bytes / 4));
      assertThat(block % 256).isZero();
      assertThat(DeviceMemory.rounded(block)).isEqualTo(block);
    }
  }
}
