package nn.layer;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import nn.backend.Shape;
import nn.init.Initializers;

/**
 * A model's layers as text, so that a file can say how to build the model whose parameters it
 * holds: {@code sequential(linear(784, 100), relu, dropout(0.2), linear(100, 10))}. An activation
 * without a name is written as its expression: {@code activation(mul(x, sigmoid(mul(x, 1.702))))}.
 */
public final class Architecture {
  private static final String ACTIVATION = "activation";

  /** How each layer is built from its description; {@link #term} is the way back. */
  private static final Map<String, Function<Term, Layer>> READERS =
      Map.of(
          "sequential",
          Architecture::sequential,
          "linear",
          Architecture::linear,
          ACTIVATION,
          t -> new Activation(FunctionText.parse(arguments(t, 1).getFirst())),
          "batch-norm",
          Architecture::batchNorm,
          "layer-norm",
          Architecture::layerNorm,
          "dropout",
          t -> new Dropout(arguments(t, 1).getFirst().real()),
          "softmax",
          t -> only(t, new Softmax()),
          "log-softmax",
          t -> only(t, new LogSoftmax()),
          "flatten",
          t -> only(t, new Flatten()),
          "reshape",
          Architecture::reshape);

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
