package nn.tensor;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What was done to differentiable tensors, in order; run backward it gives the gradients. */
final class Tape {

  /** The gradients for an operation's inputs, given that of its output; null where none flows. */
  @FunctionalInterface
  interface Backward {
    List<? extends @Nullable Tensor> gradients(Tensor outputGradient);
  }

  private sealed interface Entry {
    Tensor output();
  }

  private record Operation(Tensor output, List<Tensor> inputs, Backward backward)
      implements Entry {}

  /**
   * A leaf's gradient is complete, and handed over, once everything made from it has been passed.
   */
  private record Leaf(Tensor output, Consumer<@Nullable Tensor> sink) implements Entry {}

  private final List<Entry> entries = new ArrayList<>();

  void add(Tensor output, List<Tensor> inputs, Backward backward) {
    entries.add(new Operation(output, inputs, backward));
  }

  void addLeaf(Tensor leaf, Consumer<@Nullable Tensor> sink) {
    entries.add(new Leaf(leaf, sink));
  }

  /** Hands each leaf its gradient of the root, whose own gradient is given; the tape is used up. */
  void backward(Tensor root, Tensor rootGradient) {
    Map<Tensor, Tensor> gradients = new IdentityHashMap<>();
    gradients.put(root, rootGradient);
    for (Entry entry : entries.reversed()) {
      Tensor gradient = gradients.remove(entry.output());
      switch (entry) {
        case Leaf leaf -> leaf.sink().accept(gradient);
        case Operation operation -> {
          if (gradient != null) {
            propagate(operation, gradient, gradients);
          }
        }
      }
    }
    entries.clear();
  }

  private static void propagate(
      Operation operation, Tensor gradient, Map<Tensor, Tensor> gradients) {
    List<? extends @Nullable Tensor> parts = operation.backward().gradients(gradient);
    for (int i = 0; i < parts.size(); i++) {
      Tensor input = operation.inputs().get(i);
      Tensor part = parts.get(i);
      if (part != null && input.differentiable()) {
        gradients.merge(input, part, Tensor::add);
      }
    }
  }
}
