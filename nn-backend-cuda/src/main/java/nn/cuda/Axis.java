package nn.cuda;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import nn.backend.Shape;

/**
 * An axis of an iteration space: its extent, and how far each view moves along it.
 *
 * @param gathered whether some view looks its coordinates up
 */
record Axis(int extent, boolean gathered, List<Integer> strides) {

  /** The axes of a shape; those of extent 1 are left out unless they are gathered. */
  static List<Axis> of(Shape shape, List<View> views) {
    boolean gathers = views.stream().anyMatch(view -> view.rows() != null);
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < shape.rank(); i++) {
      boolean gathered = gathers && i == 0;
      if (shape.dim(i) != 1 || gathered) {
        axes.add(of(shape, i, gathered, views));
      }
    }
    return axes;
  }

  /** One axis of a shape. */
  static Axis of(Shape shape, int axis, boolean gathered, List<View> views) {
    return new Axis(
        shape.dim(axis), gathered, views.stream().map(view -> view.strides().get(axis)).toList());
  }

  /** An axis that is not there. */
  static Axis single(int views) {
    return uniform(1, 0, views);
  }

  /** An axis along which every view has the same stride. */
  static Axis uniform(int extent, int stride, int views) {
    return new Axis(extent, false, Collections.nCopies(views, stride));
  }

  /** The same axis for the first views only. */
  Axis first(int views) {
    return new Axis(extent, gathered, strides.subList(0, views));
  }

  /** The same axis for more views. */
  Axis and(List<Integer> more) {
    return new Axis(extent, gathered, Stream.concat(strides.stream(), more.stream()).toList());
  }

  /** Neighbouring axes that every view passes through without a jump made one. */
  static List<Axis> merged(List<Axis> axes) {
    List<Axis> result = new ArrayList<>();
    for (Axis axis : axes) {
      if (!result.isEmpty() && axis.continues(result.getLast())) {
        Axis outer = result.removeLast();
        result.add(new Axis(outer.extent * axis.extent, false, axis.strides));
      } else {
        result.add(axis);
      }
    }
    return result;
  }

  private boolean continues(Axis outer) {
    return !gathered
        && !outer.gathered
        && IntStream.range(0, strides.size())
            .allMatch(k -> outer.strides.get(k) == (long) strides.get(k) * extent);
  }

  /** The product of extents. */
  static int size(List<Axis> axes) {
    return axes.stream().mapToInt(Axis::extent).reduce(1, (a, b) -> a * b);
  }

  /** The number of the gathered axis; -1 if there is none. */
  static int gathered(List<Axis> axes) {
    return IntStream.range(0, axes.size()).filter(i -> axes.get(i).gathered).findFirst().orElse(-1);
  }

  /**
   * The number of the axis along which neighbours are best taken together: where most views with
   * memory have stride 1. -1 if all axes are gathered.
   */
  static int best(List<Axis> axes, List<View> views) {
    int best = -1;
    int bestScore = -1;
    for (int i = 0; i < axes.size(); i++) {
      int score = axes.get(i).gathered ? -1 : axes.get(i).score(views);
      if (score >= bestScore && score >= 0) {
        best = i;
        bestScore = score;
      }
    }
    return best;
  }

  private int score(List<View> views) {
    int score = 0;
    for (int k = 0; k < views.size(); k++) {
      int stride = strides.get(k);
      boolean memory = views.get(k).buffer() != null;
      score += !memory ? 0 : stride == 1 ? 4 : stride == 0 ? 1 : 0;
    }
    return extent >= 8 ? 2 * score : score;
  }
}
