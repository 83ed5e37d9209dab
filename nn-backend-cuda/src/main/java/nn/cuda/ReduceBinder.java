package nn.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nn.backend.Combiner;
import nn.backend.Reduce;
import nn.backend.Shape;
import nn.cuda.ReducePass.Target;
import nn.expr.Expr;

/** Makes launches of reductions over any axes. */
final class ReduceBinder {
  private final Reduce reduce;
  private final Views views = new Views();

  private ReduceBinder(Reduce reduce) {
    this.reduce = reduce;
  }

  static void bind(Reduce reduce, Binding binding) {
    if (reduce.outputs().getFirst().shape().size() > 0) {
      new ReduceBinder(reduce).bind(binding);
    }
  }

  private void bind(Binding binding) {
    Shape shape = reduce.shape();
    Map<Expr, Integer> leaves = views.leaves(reduce.program(), shape, reduce.inputs());
    int[] axes = reduce.axes().stream().mapToInt(i -> i).toArray();
    List<Integer> numbers = new ArrayList<>();
    for (Combiner combiner : reduce.combiners()) {
      boolean chooses = combiner == Combiner.ARGMAX;
      numbers.add(chooses ? views.add(View.number(shape, axes)) : -1);
    }
    List<View> sources = views.list();
    List<View> all = new ArrayList<>(sources);
    reduce.outputs().forEach(output -> all.add(View.of(output)));
    arranged(shape, all, sources, leaves, numbers).run(binding);
  }

  private ReducePass arranged(
      Shape shape,
      List<View> all,
      List<View> sources,
      Map<Expr, Integer> leaves,
      List<Integer> numbers) {
    List<Axis> kept = new ArrayList<>();
    List<Axis> reduced = new ArrayList<>();
    boolean gathers = all.stream().anyMatch(view -> view.rows() != null);
    for (int i = 0; i < shape.rank(); i++) {
      boolean gathered = gathers && i == 0;
      if (shape.dim(i) != 1 || gathered) {
        (reduce.reduces(i) ? reduced : kept).add(Axis.of(shape, i, gathered, all));
      }
    }
    boolean alongX = arrange(kept, reduced, all);
    List<Axis> keptAxes = completed(kept, all.size());
    List<Target> targets = new ArrayList<>();
    for (int i = 0; i < reduce.outputs().size(); i++) {
      int k = sources.size() + i;
      List<Integer> strides = keptAxes.stream().map(axis -> axis.strides().get(k)).toList();
      boolean chooses = reduce.combiners().get(i) == Combiner.ARGMAX;
      targets.add(new Target(chooses ? null : all.get(k), chooses ? all.get(k) : null, strides, 0));
    }
    int count = sources.size();
    return new ReducePass(
        reduce.program(),
        reduce.combiners(),
        leaves,
        numbers,
        sources,
        keptAxes.stream().map(axis -> axis.first(count)).toList(),
        completed(reduced, all.size()).stream().map(axis -> axis.first(count)).toList(),
        targets,
        alongX);
  }

  /**
   * Makes the axis along which memory is read best the last of its kind, and tells whether that is
   * the reduced kind.
   */
  private static boolean arrange(List<Axis> kept, List<Axis> reduced, List<View> views) {
    List<Axis> all = new ArrayList<>(kept);
    all.addAll(reduced);
    int best = Axis.best(all, views);
    if (best < 0) {
      return kept.isEmpty();
    }
    boolean alongX = best >= kept.size();
    List<Axis> own = alongX ? reduced : kept;
    own.add(own.remove(alongX ? best - kept.size() : best));
    return alongX;
  }

  private static List<Axis> completed(List<Axis> axes, int views) {
    List<Axis> merged = Axis.merged(axes);
    return merged.isEmpty() ? List.of(Axis.single(views)) : merged;
  }
}
