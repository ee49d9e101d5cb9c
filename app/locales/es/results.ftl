# One submission beside everyone's and the actual spending.

results-title = Un reparto de { $title }
results-description = Un reparto de { $title } junto al de todos.
results-description-agreement = Un reparto de { $title } junto al de todos. Coincide con el de todos en un { $agreement }.
results-heading = Su reparto junto al de todos
results-first = Es la primera persona en participar. A medida que participen otras, la media de todos se alejará de la suya.
results-compared = Comparado con la media de { $people }.
results-replaced = Un reparto más reciente ha sustituido a este en el recuento.
results-areas = Área por área
results-caution = Todas estas personas decidieron participar: no es una encuesta representativa.
results-source = Gasto real: { $source }, { $year }.
results-again = Cambiar de opinión
results-delete = Eliminar este reparto
results-caption = Partes del presupuesto. Su percentil: quienes dieron menos, más la mitad de quienes dieron aproximadamente lo mismo.
results-percentile = Su percentil
actual-spending-in = Gasto real, { $year }

receipt-counted = Su reparto está contado
receipt-link = Puede compartir la dirección de esta página. Para exportar o eliminar el reparto más adelante, incluso desde otro dispositivo, guarde este enlace y no lo comparta. Solo se muestra ahora:
receipt-code = El código, por si se lo piden:

score-everyone = Coincidencia con todos
score-everyone-about = La parte del presupuesto que usted y la media reparten igual.
score-actual = Coincidencia con el gasto real
score-actual-about = La parte del presupuesto que va adonde usted quiere.

share = Compartir
share-copy = Copiar enlace
share-copied = El enlace se ha copiado.
share-failed = Cópielo manualmente:

# The biggest differences. Before the sentence stands the name of the area.
findings-title = Donde más se diferencia
finding-more = { $points ->
        [one] 1 punto
       *[other] { $points } puntos
    } más que la media.
finding-less = { $points ->
        [one] 1 punto
       *[other] { $points } puntos
    } menos que la media.
finding-more-than = { $points ->
        [one] 1 punto
       *[other] { $points } puntos
    } más que la media, más que { $others }.
finding-less-than = { $points ->
        [one] 1 punto
       *[other] { $points } puntos
    } menos que la media, menos que { $others }.
others-one = la otra persona
others-both = las otras dos personas
others-all = las otras { $all } personas
others-some = { $some } de las otras { $all } personas
others-few = unas pocas personas
others-nearly = casi todas las demás personas
others-share = el { $share } de los demás
