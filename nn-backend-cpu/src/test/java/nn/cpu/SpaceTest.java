package nn.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import nn.backend.DType;
import nn.backend.Layout;
import nn.backend.Operand;
import nn.backend.Shape;
import org.junit.jupiter.api.Test;

class SpaceTest {
  private static final CpuBuffer BUFFER = new CpuBuffer(DType.F32, 10_000);
  private static final Shape CUBE = Shape.of(4, 20, 30);

  @Test
  void contiguousAxesBecomeOne() {
    View view = contiguous(CUBE);
    assertThat(Space.of(CUBE, List.of(view, view))).hasToString("[1, 2400]");
  }

  @Test
  void axesOfOneElementAreDropped() {
    Shape shape = Shape.of(1, 7, 1, 5, 1);
    assertThat(Space.of(shape, List.of(contiguous(shape)))).hasToString("[1, 35]");
  }

  @Test
  void broadcastAxisStaysByItself() {
    View bias = view(Layout.of(CUBE, new int[] {0, 0, 1}, 0));
    Space space = Space.of(CUBE, List.of(contiguous(CUBE), bias));
    assertThat(space).hasToString("[80, 30]");
    assertThat(space.rows().stride(1)).isZero();
    assertThat(space.columns().stride(1)).isOne();
  }

  @Test
  void columnsAreWhereMostOperandsAreContiguous() {
    Shape shape = Shape.of(30, 20);
    View transposed = view(Layout.of(shape, new int[] {1, 30}, 0));
    Space space = Space.of(shape, List.of(transposed, transposed, contiguous(shape)));
    assertThat(space).hasToString("[20, 30]");
    assertThat(space.columns().stride(0)).isOne();
  }

  @Test
  void positionsKeepTheirAxesApart() {
    Shape shape = Shape.of(30, 20);
    View transposed = view(Layout.of(shape, new int[] {1, 30}, 0));
    View position = View.number(shape, 0, 1);
    Space space = Space.of(shape, List.of(transposed, transposed, position));
    assertThat(space).hasToString("[20, 30]");
    assertThat(space.columns().stride(2)).isEqualTo(20);
  }

  @Test
  void gatheredRowsAreNeitherMergedNorColumns() {
    Operand rows = Operand.of(new CpuBuffer(DType.I32, 4), Shape.of(4));
    Shape shape = Shape.of(4, 5);
    View gathered = View.of(Operand.of(BUFFER, shape).gather(rows));
    assertThat(Space.of(shape, List.of(gathered))).hasToString("[4, 5]");
    Operand one = Operand.of(BUFFER, Shape.of(4)).gather(rows);
    assertThat(Space.of(Shape.of(4), List.of(View.of(one)))).hasToString("[4, 1]");
  }

  @Test
  void rowsAreReducedWhereColumnsAreKept() {
    View input = contiguous(CUBE);
    View sums = view(Layout.of(CUBE, new int[] {30, 0, 1}, 0));
    Space space = Space.ofReduction(CUBE, List.of(input, sums), List.of(1));
    assertThat(space).hasToString("[4, 20, 30]");
    assertThat(space.rows().reduced()).isTrue();
    assertThat(space.columns().reduced()).isFalse();
  }

  @Test
  void channelsBetweenReducedAxes() {
    View input = contiguous(CUBE);
    View sums = view(Layout.of(CUBE, new int[] {0, 1, 0}, 0));
    Space space = Space.ofReduction(CUBE, List.of(input, sums), List.of(0, 2));
    assertThat(space).hasToString("[4, 20, 30]");
    assertThat(space.outer().getFirst().reduced()).isTrue();
    assertThat(space.rows().reduced()).isFalse();
  }

  @Test
  void rowsOfAChainKeepTheirColumns() {
    View input = contiguous(CUBE);
    assertThat(Space.ofRows(CUBE, List.of(input))).hasToString("[80, 30]");
  }

  private static View contiguous(Shape shape) {
    return view(Layout.contiguous(shape, 0));
  }

  private static View view(Layout layout) {
    return View.of(Operand.of(BUFFER, layout));
  }
}
