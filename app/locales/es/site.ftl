# What is on every page, and words that several pages use.

skip = Ir al contenido principal
nav-main = Principal
nav-allocate = Repartir
nav-everyone = Todos
nav-budgets = Presupuestos
nav-history = Historial
nav-about = Acerca de
footer-anonymous = Allot es anónimo y voluntario, y no es una encuesta representativa.
footer-sources = Fuentes
language = Idioma

# A narrow space that does not break stands before the sign.
percent = { $number }{"\u202F"}%
moment = { $moment } UTC
people =
    { $number ->
        [one] 1 persona
       *[other] { $number } personas
    }

# Whose share it is, above columns and beside bars.
you = Usted
everyone = Todos
everyone-mean = Todos, media
actual = Real
actual-spending = Gasto real
area = Área
# A link to that budget follows.
without-actual = Esta consulta no tiene cifras oficiales con las que comparar. Una que sí las tiene:

everyone-said = Lo que dijo la gente
see-everyone = Ver lo que dijo la gente
choose-another = Elegir otro presupuesto
as-table = Todas las cifras en una tabla
table-name = Todas las cifras
submitted-at = Enviado el { $moment }
download-json = Descargar en JSON
download-csv = Descargar en CSV
delete-this = Eliminar este reparto…
deleted = Eliminado
new-split = Hacer un reparto nuevo

# Where the code of a receipt is typed.
code-label = Código del comprobante
code-refused = Este código no corresponde a este reparto. Compruebe que lo ha copiado entero.
