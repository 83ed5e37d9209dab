package nn.cpu.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TilesTest {

  @ParameterizedTest
  @CsvSource({"10,12,1", "32,12,2", "33,8,3", "64,6,4", "80,8,3", "100,6,4", "1024,6,4", "0,12,1"})
  void readByRowsTheWidthFollowsFromTheColumnsAndTheHeightFromTheWidth(
      int columns, int rows, int vectors) {
    assertThat(Tiles.of(16).inPlace(columns)).isEqualTo(new Tiles.Size(rows, vectors));
  }

  @ParameterizedTest
  @CsvSource({"10,8,1", "32,8,2", "64,8,2", "100,8,3", "512,8,3"})
  void panelsHaveAllTheirRows(int columns, int rows, int vectors) {
    assertThat(Tiles.of(16).fromPanels(columns)).isEqualTo(new Tiles.Size(rows, vectors));
  }

  @ParameterizedTest
  @ValueSource(ints = {4, 8, 16})
  void noTileHasMoreSumsThanRegisters(int lanes) {
    Tiles tiles = Tiles.of(lanes);
    for (int columns = 1; columns < 40 * lanes; columns++) {
      for (Tiles.Size size : new Tiles.Size[] {tiles.inPlace(columns), tiles.fromPanels(columns)}) {
        assertThat(size.rows() * size.vectors()).isBetween(1, tiles.sums());
        assertThat(tiles.sums() % size.rows()).isZero();
      }
    }
  }
}
