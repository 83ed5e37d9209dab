package nn.cpu;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.cpu.codegen.Species;

/**
 * An iteration space in the form that kernels take, [..., rows, columns]: axes of extent 1 are
 * gone, the columns are the axis along which most operands are contiguous, and neighbouring axes
 * that every operand passes through without a jump are one.
 *
 * @param axes the last is the columns, the one before the rows; at least these two
 */
record Space(List<Axis> axes) {

  /** An axis: its extent, and what the operands do along it. */
  static final class Axis {
    private final int extent;
    private final boolean reduced;
    private final boolean gathered;
    private final int[] strides;

    Axis(int extent, boolean reduced, boolean gathered, int[] strides) {
      this.extent = extent;
      this.reduced = reduced;
      this.gathered = gathered;
      this.strides = strides;
    }

    int extent() {
      return extent;
    }

    /** Whether values are combined along it. */
    boolean reduced() {
      return reduced;
    }

    /** Whether some operand looks its coordinates up. */
    boolean gathered() {
      return gathered;
    }

    /** How far an operand moves. */
    int stride(int operand) {
      return strides[operand];
    }

    /** Whether going on along the outer axis is going on along this one. */
    boolean continues(Axis outer) {
      return reduced == outer.reduced
          && !gathered
          && !outer.gathered
          && IntStream.range(0, strides.length)
              .allMatch(k -> outer.strides[k] == strides[k] * extent);
    }
  }

  /** Any axis may become the columns. */
  static Space of(Shape shape, List<View> views) {
    return ofReduction(shape, views, List.of());
  }

  /** The last axis stays the columns, since rows have a meaning. */
  static Space ofRows(Shape shape, List<View> views) {
    List<Axis> axes = axes(shape, views, List.of(shape.rank() - 1), shape.rank() - 1);
    return new Space(arranged(axes, axes.size() - 1));
  }

  /** Values are combined along some axes. The rows are reduced if the columns are not. */
  static Space ofReduction(Shape shape, List<View> views, List<Integer> reduced) {
    List<Axis> axes = axes(shape, views, reduced, -1);
    return new Space(arranged(axes, bestColumns(axes)));
  }

  private static List<Axis> axes(
      Shape shape, List<View> views, List<Integer> reduced, int keptAxis) {
    boolean gathers = views.stream().anyMatch(view -> view.rows() != null);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      int axis = i;
      boolean gathered = gathers && i == 0;
      if (shape.dim(i) != 1 || gathered || i == keptAxis) {
        int[] strides = views.stream().mapToInt(view -> view.strides().get(axis)).toArray();
        axes.add(new Axis(shape.dim(i), reduced.contains(i), gathered, strides));
      }
    }
    if (axes.isEmpty()) {
      axes.add(single(views.size()));
    }
    return axes;
  }

  /** An axis that is not there. */
  private static Axis single(int views) {
    return new Axis(1, false, false, new int[views]);
  }

  private static int bestColumns(List<Axis> axes) {
    int best = -1;
    int bestScore = -1;
    for (int i = 0; i < axes.size(); i++) {
      int score = axes.get(i).gathered ? -1 : score(axes.get(i));
      if (score >= bestScore && score >= 0) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  /** Operands that are contiguous count most; an axis shorter than a vector is worth little. */
  private static int score(Axis axis) {
    int score = 0;
    for (int stride : axis.strides) {
      score += stride == 1 ? 4 : stride == 0 ? 1 : 0;
    }
    return axis.extent >= Species.LANES ? 2 * score : score;
  }

  /**
   * In the order that kernels take: reduced axes, kept ones, for column kernels a reduced one,
   * columns.
   */
  private static List<Axis> arranged(List<Axis> axes, int columns) {
    List<Axis> reduced = new ArrayList<>();
    List<Axis> kept = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      if (i != columns) {
        (axes.get(i).reduced ? reduced : kept).add(axes.get(i));
      }
    }
    Axis last = columns < 0 ? single(axes.getFirst().strides.length) : axes.get(columns);
    List<Axis> tail = new ArrayList<>();
    tail.add(absorbing(last, last.reduced ? reduced : kept));
    if (!last.reduced && !reduced.isEmpty()) {
      tail.addFirst(absorbing(reduced.removeLast(), reduced));
    }
    List<Axis> all = new ArrayList<>(reduced);
    all.addAll(kept);
    all.addAll(tail);
    List<Axis> result = collapsed(all);
    if (result.size() < 2) {
      result.addFirst(single(last.strides.length));
    }
    return List.copyOf(result);
  }

  /** The axis merged with those that it continues, which are taken off the end of the list. */
  private static Axis absorbing(Axis axis, List<Axis> outer) {
    Axis merged = axis;
    while (!outer.isEmpty() && merged.continues(outer.getLast())) {
      merged = merged(outer.removeLast(), merged);
    }
    return merged;
  }

  private static List<Axis> collapsed(List<Axis> axes) {
    List<Axis> result = new ArrayList<>();
    for (Axis axis : axes) {
      if (!result.isEmpty() && axis.continues(result.getLast())) {
        result.add(merged(result.removeLast(), axis));
      } else {
        result.add(axis);
      }
    }
    return result;
  }

  private static Axis merged(Axis outer, Axis inner) {
    return new Axis(outer.extent * inner.extent, inner.reduced, false, inner.strides);
  }

  Axis columns() {
    return axes.getLast();
  }

  Axis rows() {
    return axes.get(axes.size() - 2);
  }

  /** The axes outside of rows and columns. */
  List<Axis> outer() {
    return axes.subList(0, axes.size() - 2);
  }

  /** The number of elements. */
  long size() {
    return axes.stream().mapToLong(Axis::extent).reduce(1, (a, b) -> a * b);
  }

  /** The same axes with other strides: for each operand those along the axes. */
  Space with(List<int[]> strides) {
    List<Axis> changed = new ArrayList<>();
    for (int i = 0; i < axes.size(); i++) {
      int place = i;
      Axis axis = axes.get(i);
      int[] own = strides.stream().mapToInt(operand -> operand[place]).toArray();
      changed.add(new Axis(axis.extent, axis.reduced, axis.gathered, own));
    }
    return new Space(List.copyOf(changed));
  }

  /** The same axes for some of the operands. */
  Space select(int first, int count) {
    return with(IntStream.range(first, first + count).mapToObj(this::strides).toList());
  }

  /** The rows taken for columns; for operands that do not move along the columns. */
  Space withoutColumns() {
    List<Axis> fewer = new ArrayList<>(outer());
    fewer.add(single(columns().strides.length));
    fewer.add(rows());
    return new Space(List.copyOf(fewer));
  }

  /** An operand's strides along the axes. */
  int[] strides(int view) {
    return axes.stream().mapToInt(axis -> axis.strides[view]).toArray();
  }

  @Override
  public String toString() {
    return Arrays.toString(axes.stream().mapToInt(Axis::extent).toArray());
  }
}
