package nn.cuda;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import nn.backend.Combiner;
import nn.backend.DType;
import nn.cuda.codegen.Access;
import nn.cuda.codegen.ReduceSpec;
import nn.cuda.driver.Arguments;
import nn.cuda.driver.Grid;
import nn.expr.Expr;
import nn.expr.Program;
import org.jspecify.annotations.Nullable;

/**
 * A reduction over axes that are in order. A long one is cut into segments of fixed length whose
 * results are reduced in turn, so that the order of combining depends on shapes alone.
 *
 * @param leaves the source of each leaf of the program but constants
 * @param numbers for each argmax the source that numbers its candidates; else -1
 * @param sources what is read
 * @param kept axes with strides for each source, at least one
 * @param reduced likewise
 * @param targets what is written, for each combiner
 * @param alongX whether the elements of a result lie next to each other, rather than the same
 *     elements of neighbouring results
 */
record ReducePass(
    Program program,
    List<Combiner> combiners,
    Map<Expr, Integer> leaves,
    List<Integer> numbers,
    List<View> sources,
    List<Axis> kept,
    List<Axis> reduced,
    List<Target> targets,
    boolean alongX) {

  /** Elements that a lane combines one after another at most, where there are no segments. */
  private static final int LONGEST = 64;

  /** Elements that a lane combines one after another of a segment. */
  private static final int SEGMENT = 32;

  /** CUDA allows twice as many rows of blocks. */
  private static final int MOST_SEGMENTS = 1 << 15;

  /** Elements that a lane should have at least, if there are as many. */
  private static final int LEAST = 4;

  /** The most lanes where the elements of a result lie next to each other. */
  private static final int LANES_ALONG_X = 256;

  /** The most results of a block, and the most lanes, where neighbouring results lie together. */
  private static final int SIDE = 32;

  /** Fewer partial results than this are better read one result after another. */
  private static final int FEW = 8;

  /**
   * Where results go.
   *
   * @param value takes the combined value, if wanted
   * @param winner takes the winner's number, if wanted
   * @param strides along the kept axes
   * @param segmentStride from one segment to the next
   */
  record Target(
      @Nullable View value, @Nullable View winner, List<Integer> strides, int segmentStride) {}

  void run(Binding binding) {
    int elements = Axis.size(reduced);
    int lanes = powerOfTwo(Math.ceilDiv(elements, LEAST), alongX ? LANES_ALONG_X : SIDE);
    if (elements <= lanes * LONGEST) {
      launch(binding, lanes, Math.max(1, elements), 1);
    } else {
      int segment = lanes * Math.max(SEGMENT, Math.ceilDiv(elements, lanes * MOST_SEGMENTS));
      inSegments(binding, lanes, segment, Math.ceilDiv(elements, segment));
    }
  }

  private static int powerOfTwo(int atLeast, int most) {
    int power = 1;
    while (power < atLeast && power < most) {
      power *= 2;
    }
    return power;
  }

  /** Segments' results are stored as [segments, results], and reduced over the first axis. */
  private void inSegments(Binding binding, int lanes, int segment, int segments) {
    int results = Axis.size(kept);
    List<Integer> rowMajor = rowMajor();
    List<Target> partials = new ArrayList<>();
    List<View> views = new ArrayList<>();
    Map<Expr, Integer> inputs = new HashMap<>();
    List<Integer> counts = new ArrayList<>();
    for (int i = 0; i < combiners.size(); i++) {
      View value = View.of(binding.scratch(DType.F32, segments * results));
      inputs.put(Expr.input(i), views.size());
      views.add(value);
      View winner = null;
      if (combiners.get(i) == Combiner.ARGMAX) {
        winner = View.of(binding.scratch(DType.I32, segments * results));
        counts.add(views.size());
        views.add(winner);
      } else {
        counts.add(-1);
      }
      partials.add(new Target(value, winner, rowMajor, results));
    }
    with(partials).launch(binding, lanes, segment, segments);
    List<Axis> restKept = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      restKept.add(Axis.uniform(kept.get(i).extent(), rowMajor.get(i), views.size()));
    }
    List<Axis> restReduced = List.of(Axis.uniform(segments, results, views.size()));
    Program identity = Program.of(List.copyOf(inputs(combiners.size())));
    new ReducePass(
            identity,
            combiners,
            inputs,
            counts,
            views,
            restKept,
            restReduced,
            targets,
            results < FEW)
        .run(binding);
  }

  private static List<Expr> inputs(int count) {
    return Stream.iterate(0, i -> i + 1).limit(count).map(Expr::input).toList();
  }

  private ReducePass with(List<Target> others) {
    return new ReducePass(
        program, combiners, leaves, numbers, sources, kept, reduced, others, alongX);
  }

  private List<Integer> rowMajor() {
    List<Integer> strides = new ArrayList<>();
    int stride = 1;
    for (Axis axis : kept.reversed()) {
      strides.addFirst(stride);
      stride *= axis.extent();
    }
    return strides;
  }

  private void launch(Binding binding, int lanes, int segment, int segments) {
    List<View> views = new ArrayList<>(sources);
    List<Target> owners = new ArrayList<>();
    List<Integer> values = new ArrayList<>();
    List<Integer> winners = new ArrayList<>();
    for (Target target : targets) {
      values.add(add(target.value, target, views, owners));
      winners.add(add(target.winner, target, views, owners));
    }
    KernelOperands operands = new KernelOperands(views, axes(owners));
    List<Access> accesses = operands.strided();
    ReduceSpec spec =
        new ReduceSpec(
            program,
            combiners,
            kept.size(),
            reduced.size(),
            Axis.gathered(operands.axes()),
            accesses,
            leaves,
            numbers,
            values,
            winners);
    int results = Axis.size(kept);
    Arguments.Builder arguments =
        new Arguments.Builder()
            .integer(alongX ? 1 : 0)
            .integer(results)
            .integer(Axis.size(reduced))
            .integer(segment);
    KernelOperands.passExtents(kept.stream().map(Axis::extent).toList(), arguments);
    KernelOperands.passExtents(reduced.stream().map(Axis::extent).toList(), arguments);
    for (int k = 0; k < views.size(); k++) {
      operands.pass(k, accesses.get(k), arguments);
      if (k >= sources.size()) {
        arguments.integer(owners.get(k - sources.size()).segmentStride);
      }
    }
    binding.launch(spec, grid(results, lanes, segments), arguments.build());
  }

  private static int add(
      @Nullable View view, Target target, List<View> views, List<Target> owners) {
    if (view == null) {
      return -1;
    }
    views.add(view);
    owners.add(target);
    return views.size() - 1;
  }

  /** Kept axes, then reduced ones, with strides for targets too. */
  private List<Axis> axes(List<Target> owners) {
    List<Axis> axes = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      int axis = i;
      axes.add(kept.get(i).and(owners.stream().map(owner -> owner.strides.get(axis)).toList()));
    }
    for (Axis axis : reduced) {
      axes.add(axis.and(owners.stream().map(owner -> 0).toList()));
    }
    return axes;
  }

  private Grid grid(int results, int lanes, int segments) {
    if (alongX) {
      int together = Math.max(1, LANES_ALONG_X / 2 / lanes);
      return new Grid(Math.ceilDiv(results, together), segments, lanes, together);
    }
    int together = Math.min(SIDE, powerOfTwo(results, SIDE));
    return new Grid(Math.ceilDiv(results, together), segments, together, lanes);
  }
}
