package nn.layer;

import static java.util.Map.entry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.init.Initializers;
import nn.tensor.Window;

/**
 * A model's layers as text, so that a file can say how to build the model whose parameters it
 * holds: {@code sequential(linear(784, 100), relu, dropout(0.2), linear(100, 10))}. An activation
 * without a name is written as its expression: {@code activation(mul(x, sigmoid(mul(x, 1.702))))}.
 * A window is its size, or height, width, strides down and across, padding above and at the side:
 * {@code conv2d(1, 24, 5)} moves by one pixel, {@code max-pool2d(2)} by two, and {@code conv2d(1,
 * 24, 5, 3, 2, 2, 1, 0)} says all. Images are [n, height, width, channels].
 */
public final class Architecture {
  private static final String ACTIVATION = "activation";
  private static final String CONVOLUTION = "conv2d";
  private static final String MAX_POOL = "max-pool2d";
  private static final String AVERAGE_POOL = "avg-pool2d";

  /** How each layer is built from its description; {@link #term} is the way back. */
  private static final Map<String, Function<Term, Layer>> READERS =
      Map.ofEntries(
          entry("sequential", Architecture::sequential),
          entry("linear", Architecture::linear),
          entry(CONVOLUTION, Architecture::convolution),
          entry(MAX_POOL, t -> new MaxPool2d(window(t, 0, Architecture::sideBySide))),
          entry(AVERAGE_POOL, t -> new AvgPool2d(window(t, 0, Architecture::sideBySide))),
          entry(ACTIVATION, t -> new Activation(FunctionText.parse(arguments(t, 1).getFirst()))),
          entry("batch-norm", Architecture::batchNorm),
          entry("layer-norm", Architecture::layerNorm),
          entry("dropout", t -> new Dropout(arguments(t, 1).getFirst().real())),
          entry("softmax", t -> only(t, new Softmax())),
          entry("log-softmax", t -> only(t, new LogSoftmax())),
          entry("flatten", t -> only(t, new Flatten())),
          entry("reshape", Architecture::reshape));

  private Architecture() {}

  /**
   * Describes a model; how its parameters begin is left out.
   *
   * @throws IllegalArgumentException if the model has layers of the user's own, or one twice
   */
  public static String of(Layer model) {
    return term(model, Collections.newSetFromMap(new IdentityHashMap<>())).toString();
  }

  /**
   * Builds a model from its description; all its weights begin at zero.
   *
   * @throws IllegalArgumentException if the text describes none; the message says where
   */
  public static Layer parse(String text) {
    return layer(Term.parse(text));
  }

  private static Term term(Layer layer, Set<Layer> seen) {
    if (!layer.parameters().isEmpty() && !seen.add(layer)) {
      throw new IllegalArgumentException("a layer that occurs twice cannot be described: " + layer);
    }
    return switch (layer) {
      case Sequential(List<Layer> layers) ->
          new Term("sequential", layers.stream().map(part -> term(part, seen)).toList());
      case Linear linear -> Term.of("linear", linear.inputs(), linear.outputs());
      case Conv2d conv ->
          windowed(CONVOLUTION, List.of(conv.inputs(), conv.outputs()), conv.window(), Window::of);
      case MaxPool2d(Window window) ->
          windowed(MAX_POOL, List.of(), window, Architecture::sideBySide);
      case AvgPool2d(Window window) ->
          windowed(AVERAGE_POOL, List.of(), window, Architecture::sideBySide);
      case Activation activation -> activation(activation);
      case BatchNorm norm ->
          Term.of("batch-norm", norm.features(), norm.momentum(), norm.epsilon());
      case LayerNorm norm -> Term.of("layer-norm", norm.features(), norm.epsilon());
      case Dropout dropout -> Term.of("dropout", dropout.probability());
      case Softmax softmax -> Term.of("softmax");
      case LogSoftmax logSoftmax -> Term.of("log-softmax");
      case Flatten flatten -> Term.of("flatten");
      case Reshape(Shape example) ->
          Term.of("reshape", IntStream.of(example.dims()).boxed().toArray(Integer[]::new));
      default ->
          throw new IllegalArgumentException(
              layer.getClass().getName() + " is no layer that a file can describe");
    };
  }

  private static Term activation(Activation activation) {
    String name = Activations.nameOf(activation.function());
    return name.isEmpty()
        ? new Term(ACTIVATION, List.of(FunctionText.of(activation.function())))
        : Term.of(name);
  }

  private static Layer layer(Term term) {
    Function<Term, Layer> reader = READERS.get(term.name());
    if (reader != null) {
      return reader.apply(term);
    }
    if (!Activations.names().contains(term.name())) {
      throw new IllegalArgumentException(
          "no layer is called \"%s\"; there are: %s, %s"
              .formatted(
                  term.name(),
                  String.join(", ", new TreeSet<>(READERS.keySet())),
                  String.join(", ", Activations.names())));
    }
    return only(term, new Activation(Activations.named(term.name())));
  }

  private static Layer sequential(Term term) {
    return new Sequential(term.arguments().stream().map(Architecture::layer).toList());
  }

  private static Layer linear(Term term) {
    List<Term> sizes = arguments(term, 2);
    return new Linear(sizes.get(0).integer(), sizes.get(1).integer(), Initializers.zeros());
  }

  private static Layer convolution(Term term) {
    Window window = window(term, 2, Window::of);
    List<Term> numbers = term.arguments();
    return new Conv2d(
        numbers.get(0).integer(), numbers.get(1).integer(), window, Initializers.zeros());
  }

  /** How windows of a pooling usually follow one another. */
  private static Window sideBySide(int size) {
    return Window.of(size).stride(size);
  }

  /** The window as its size where it is the usual one of that size, else as all its numbers. */
  private static Term windowed(
      String name, List<Integer> channels, Window window, IntFunction<Window> usual) {
    List<Integer> numbers = new ArrayList<>(channels);
    numbers.add(window.height());
    if (!window.equals(usual.apply(window.height()))) {
      numbers.addAll(
          List.of(
              window.width(),
              window.strideHeight(),
              window.strideWidth(),
              window.paddingHeight(),
              window.paddingWidth()));
    }
    return Term.of(name, numbers.toArray(Integer[]::new));
  }

  /** The way back, from the arguments after the first few. */
  private static Window window(Term term, int before, IntFunction<Window> usual) {
    int[] n = term.arguments().stream().skip(before).mapToInt(Term::integer).toArray();
    return switch (n.length) {
      case 1 -> usual.apply(n[0]);
      case 6 -> new Window(n[0], n[1], n[2], n[3], n[4], n[5]);
      default ->
          throw new IllegalArgumentException(
              "%s takes %d or %d arguments, unlike %s"
                  .formatted(term.name(), before + 1, before + 6, term));
    };
  }

  private static Layer batchNorm(Term term) {
    List<Term> numbers = arguments(term, 3);
    return new BatchNorm(numbers.get(0).integer(), numbers.get(1).real(), numbers.get(2).real());
  }

  private static Layer layerNorm(Term term) {
    List<Term> numbers = arguments(term, 2);
    return new LayerNorm(numbers.get(0).integer(), numbers.get(1).real());
  }

  private static Layer reshape(Term term) {
    return new Reshape(Shape.of(term.arguments().stream().mapToInt(Term::integer).toArray()));
  }

  private static Layer only(Term term, Layer layer) {
    arguments(term, 0);
    return layer;
  }

  private static List<Term> arguments(Term term, int count) {
    if (term.arguments().size() != count) {
      throw new IllegalArgumentException(
          term.name() + " takes " + count + " arguments, unlike " + term);
    }
    return term.arguments();
  }
}
