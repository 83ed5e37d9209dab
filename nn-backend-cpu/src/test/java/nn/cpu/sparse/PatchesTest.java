package nn.cpu.sparse;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import nn.cpu.codegen.Species;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatchesTest {
  private final SplittableRandom random = new SplittableRandom(17);

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 9, 16, 25, 256})
  void findsThePatchesOfTheChannelsAskedFor(int count) {
    int[] windows = random.ints(7, 100, 10_000).toArray();
    int[] candidates = random.ints(count, 0, 1000).toArray();
    int step = 16;
    int[] table = Patches.table(candidates, step);
    for (int channels = 1; channels <= 3 * Species.LANES; channels += 5) {
      int at = 3;
      byte[] choices = choices(at + windows.length * channels, count);
      Patches patches = new Patches();
      patches.reserve(windows.length * channels);
      int first = channels / 3;
      int end = channels - channels / 4;
      patches.find(choices, at, channels, windows, table, first, end);
      for (int window = 0; window < windows.length; window++) {
        for (int channel = first; channel < end; channel++) {
          int value = window * channels + channel;
          assertThat(patches.places()[value])
              .isEqualTo(windows[window] + step * candidates[choices[at + value] & 0xff]);
        }
      }
    }
  }

  /** Random ones, and anything for a vector behind them as in a buffer. */
  private byte[] choices(int length, int count) {
    byte[] choices = new byte[length + Species.LANES];
    random.nextBytes(choices);
    for (int i = 0; i < length; i++) {
      choices[i] = (byte) random.nextInt(count);
    }
    return choices;
  }
}
