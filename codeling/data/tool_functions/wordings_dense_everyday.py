"""More ways to ask for the everyday functions of the profile ``dense`` that ``quick`` does not have."""

from __future__ import annotations

from codeling.data.tool_functions.spec import lines

WORDINGS: dict[str, tuple[str, ...]] = {
    "convert_angle": lines("""
        What are {value} {from_unit} of angle in {to_unit}?
        Convert {value} {from_unit} to {to_unit}
        How many {to_unit} are {value} {from_unit}?
        Give me the angle of {value} {from_unit} in {to_unit}
        Turn {value} {from_unit} into {to_unit}
        {value} {from_unit} = ? {to_unit}
        Calculate {value} {from_unit} in {to_unit}
        I have an angle of {value} {from_unit} and need {to_unit}
        An angle measures {value} {from_unit}, how many {to_unit} is it?
        Write {value} {from_unit} as {to_unit}
        Could you convert the angle {value} {from_unit} into {to_unit}?
        The angle is {value} {from_unit}. Tell me its {to_unit}
        My angle has {value} {from_unit}, I want {to_unit}
        angle: {value} {from_unit} to {to_unit}
        By how many {to_unit} do I turn with {value} {from_unit}?
        Say {value} {from_unit} in {to_unit}
        In {to_unit}, how large is an angle of {value} {from_unit}?
        Would you give {value} {from_unit} in {to_unit}?
    """),
    "compare_prices": lines("""
        Where can I buy a {product} at the lowest price[, {used}]?
        What does a {product} cost in different shops[, {used}]?
        Compare the prices of a {product}[, {used}]
        Find me the lowest price for a {product}[, {used}]
        Which store sells the cheapest {product}[, {used}]?
        prices {product}[ {used}]
        Look for the best price of a {product}[, {used}]
        I want to buy a {product}. Where is it cheap[, {used}]?
        Could you compare shops for a {product}[, {used}]?
        How do the prices for a {product} differ between shops[, {used}]?
        Do a price check for a {product}[, {used}]
        Show me shops and prices for a {product}[, {used}]
        Is there a cheap {product} somewhere[? Compare {used}]
        Check which shop offers a {product} at a good price[, {used}]
        Get me price offers for a {product}[, {used}]
        What are the prices of a {product} in the stores[, {used}]?
        Help me find a cheap {product}[, {used}]
        Would you compare what a {product} costs in several shops[, {used}]?
    """),
    "find_contact": lines("""
        What is {name}'s phone number?
        Look up {name} in my contacts
        Give me the phone number of {name}
        Find the contact {name}
        Which email address does {name} have?
        I want to call {name}, what is the number?
        Show the contact {name}
        contact {name}
        Could you look up the number of {name}?
        Get me the contact data of {name}
        Where can I reach {name}?
        Tell me the email of {name}
        How do I contact {name}?
        Do you have {name}'s email address?
        Open the contact of {name}
        I'd like to phone {name}, find the number
        Look for {name} in my contact list
        Would you find the phone number of {name}?
    """),
    "append_row": lines("""
        Add the row {row} to the table {path}
        Add a record with {row} to {path}
        Append a row to {path}: {row}
        Insert a new row into {path}: {row}
        {path} gets a new row: {row}
        Put {row} into the table {path}
        new row {path}: {row}
        Could you append {row} to the file {path} as a row?
        Write a row with {row} into the table {path}
        Add to the table {path} an entry with {row}
        Let the table {path} have another record: {row}
        Please insert a row with {row} in {path}
        The table {path} should get the row {row}
        I want to add {row} as a row to {path}
        At the end of the table {path}, add {row}
        Enter {row} in {path} as a new record
        Store the row {row} in the table {path}
        Would you add one row to {path}, {row}?
    """),
    "log_workout": lines("""
        Log {minutes} minutes of {exercise}[, {distance} kilometers]
        I trained {exercise} for {minutes} minutes[ and {distance} km]
        Save my workout: {exercise}, {minutes} minutes[, {distance} km]
        Write {minutes} minutes of {exercise} into my workout log[, {distance} kilometers]
        I just finished {minutes} minutes of {exercise}[, {distance} km]; log it
        Enter a workout, {exercise} for {minutes} minutes[ over {distance} km]
        log workout {exercise} {minutes}[ {distance}km]
        Could you record that I did {exercise} for {minutes} minutes[, {distance} km]?
        My workout today: {minutes} minutes of {exercise}[ and {distance} kilometers]
        Add a training session of {exercise}, {minutes} minutes[, {distance} km]
        Note a workout: {minutes} minutes {exercise}[, {distance} kilometers]
        Put {exercise} with {minutes} minutes in my fitness log[, distance {distance} km]
        I spent {minutes} minutes on {exercise}[ and covered {distance} km], record this
        Record my {exercise} training: {minutes} minutes[, {distance} km]
        Store the exercise {exercise}, {minutes} minutes[, {distance} kilometers]
        Track a workout of {exercise} lasting {minutes} minutes[ with {distance} km]
        Please log my training, {minutes} minutes of {exercise}[ for {distance} km]
        Would you save {minutes} minutes of {exercise} as a workout[, {distance} km]?
    """),
    "activate_scene": lines("""
        Switch to the scene "{scene}"
        Turn the "{scene}" scene on
        Please activate the scene "{scene}"
        Let the house have the scene {scene}
        I want the scene {scene}
        Use the scene "{scene}" at home
        activate "{scene}"
        Could you start the scene {scene}?
        Set the scene {scene}
        Let the home go to the "{scene}" scene
        Change the house to the "{scene}" scene
        Load the saved scene "{scene}"
        My home should be in the scene {scene}
        Run the scene {scene} in the house
        Start my scene called {scene}
        Give us the scene "{scene}", please
        Now the {scene} scene for the living room
        Would you turn the scene {scene} on?
    """),
    "round_number": lines("""
        Round the number {number}[ to {digits} decimals]
        What do you get if you round {number}[ to {digits} decimals]?
        Round off {number}[ to {digits} decimal places]
        Could you round {number} for me[, {digits} decimals]?
        {number} rounded[ to {digits} decimals], please
        I need {number} rounded[ to {digits} digits]
        Please give me {number} rounded[ with {digits} decimals]
        rounding {number}[ {digits}]
        What is the rounded value of {number}[ with {digits} decimal places]?
        Tell me {number} rounded off[ to {digits} decimals]
        Shorten {number} by rounding[ to {digits} digits after the point]
        How does one round {number}[ to {digits} decimals]?
        To what does {number} round[ with {digits} decimals]?
        Do a rounding of {number}[ to {digits} places]
        Let {number} be rounded[ to {digits} decimal places]
        The result is {number}, please round it[ to {digits} decimals]
        I want to write {number} with fewer digits, round it[ to {digits}]
        Would you round the result {number}[ to {digits} decimals]?
    """),
    "show_camera": lines("""
        Show the {place} camera[ {record}]
        Show me what the camera in the {place} sees[ {record}]
        Turn on the camera of the {place}[ {record}]
        Let me watch the {place} camera[ {record}]
        Give me the picture of the camera in the {place}[ {record}]
        What does the {place} camera show[ {record}]?
        cam {place}[ {record}]
        Could you open the camera of the {place}[ {record}]?
        I want to see the {place} on camera[ {record}]
        Look at the {place} with the camera[ {record}]
        Who is in the {place}? Show me the camera[ {record}]
        Check the camera in the {place}[ {record}]
        Switch to the camera of the {place}[ {record}]
        View the {place} camera[ {record}]
        Put on the camera for the {place}[ {record}]
        Is the {place} empty? Let me see the camera[ {record}]
        I heard something in the {place}, open the camera[ {record}]
        Would you show me the camera from the {place}[ {record}]?
    """),
    "make_chart": lines("""
        Make a {kind} chart of {column} in {path}[ with the title "{title}"]
        Create a {kind} chart from the column {column} of {path}[, titled "{title}"]
        Show the column {column} of {path} as a {kind} chart[ titled "{title}"]
        Draw {column} from {path} in a {kind} chart[, title "{title}"]
        I need a {kind} chart of the {column} column in {path}[, title "{title}"]
        {kind} chart of {column}, file {path}[, "{title}"]
        chart {kind} {path} {column}[ "{title}"]
        Could you plot {column} of {path}, as a {kind} chart[ called "{title}"]?
        Make me a {kind} plot of {column} in {path}[, "{title}"]
        Please draw a {kind} chart using {column} from {path}[ and title it "{title}"]
        Give me a {kind} chart of {path}, column {column}[, title: "{title}"]
        Use {path} to draw a {kind} chart of its column {column}[ with title "{title}"]
        How does {column} in {path} look as a {kind} chart[ titled "{title}"]?
        Turn the column {column} of {path} into a {kind} chart[, "{title}"]
        Plot the {column} values from {path}, {kind} chart[, title "{title}"]
        A {kind} chart with {column} of the table {path}, please[, titled "{title}"]
        I'd like to see {column} from {path} in a {kind} chart[ with the title "{title}"]
        Would you make a {kind} chart for the table {path}, column {column}[, title "{title}"]?
    """),
    "weather_forecast": lines("""
        What is the weather forecast for {city} for {days} days?
        How will the weather be in {city} during the next {days} days?
        Forecast the weather in {city} for the next {days} days
        Show me the weather of the next {days} days in {city}
        Which weather can I expect in {city} over {days} days?
        {city} weather, next {days} days
        What does the forecast say for {city} for the coming {days} days?
        Give me a weather forecast of {days} days for {city}
        Could you tell me the weather in {city} for the next {days} days?
        I want the forecast for {city}, {days} days ahead
        Tell me how the weather in {city} will be in the coming {days} days
        weather forecast {city} {days}
        I'll spend {days} days in {city}. How will the weather be?
        Look up the {days} day weather outlook of {city}
        Will the weather be good in {city} within the next {days} days?
        Please check the next {days} days of weather in {city}
        Get me the weather prospects for {city}, {days} days
        Would you show the {days}-day weather forecast of {city}?
    """),
    "current_weather": lines("""
        What is the weather in {city}[ in {unit}]?
        What's the weather like now in {city}[, in {unit}]?
        How is the weather in {city} now[, {unit} please]?
        Tell me what the weather is in {city}[, in {unit}]
        Is it cold in {city} now[? In {unit}]
        How hot is it in {city} right now[, in {unit}]?
        Show me the weather in {city} at the moment[ in {unit}]
        weather in {city}[, {unit}]
        Could you check the current weather in {city}[ in {unit}]?
        Is the sun shining in {city} now[? Use {unit}]
        What temperature does {city} have now[, in {unit}]?
        Get the weather of {city} as it is now[, {unit}]
        Is it snowing in {city} right now[? Temperature in {unit}]
        How cold is it in {city} at present[, in {unit}]?
        I'm about to go out in {city}, how is the weather now[, in {unit}]?
        Weather now: {city}[, {unit}]
        Please tell me how warm {city} is now[ in {unit}]
        Would you look up today's weather in {city}[ in {unit}]?
    """),
    "mountain_height": lines("""
        Which are the[ {count}] highest mountains in {country}?
        What are the[ {count}] tallest mountains of {country}?
        List the[ {count}] highest mountains in {country}
        Tell me the[ {count}] highest mountains of {country}
        Which mountain in {country} is the highest[? List {count}]
        highest mountains {country}[ {count}]
        Give me the[ {count}] tallest mountains in {country}
        How tall are the[ {count}] highest mountains of {country}?
        Find the[ {count}] highest peaks in {country}
        Could you name the[ {count}] tallest mountains of {country}?
        I'd like to know the[ {count}] highest mountains of {country}
        What high mountains does {country} have[? I want {count}]
        Show me mountains in {country} by height[, the first {count}]
        Are there high mountains in {country}[? Show {count}]
        How high do the mountains of {country} get[? List {count}]
        Which peak of {country} is the tallest[, and the top {count}]?
        Look up the[ {count}] tallest peaks of {country}
        Would you list the[ {count}] highest peaks of {country}?
    """),
    "medicine_info": lines("""
        What use has {medicine}[ together with {with_medicine}]?
        What are the side effects of {medicine}[ with {with_medicine}]?
        What does {medicine} do[ when combined with {with_medicine}]?
        Why do people take {medicine}[, and can I take it with {with_medicine}]?
        Does {medicine} have side effects[ with {with_medicine}]?
        Information about the drug {medicine}[ taken with {with_medicine}]
        medicine {medicine}[ and {with_medicine}]
        Tell me what {medicine} is used for[, also with {with_medicine}]
        Could you tell me about {medicine}[ in combination with {with_medicine}]?
        Is it safe to take {medicine}[ with {with_medicine}]?
        I have to take {medicine}[ and {with_medicine}], what should I watch out for?
        Which side effects can {medicine} have[ if taken with {with_medicine}]?
        Information please: the medicine {medicine}[ with {with_medicine}]
        What is the medicine {medicine} good for[, together with {with_medicine}]?
        Explain the effects of {medicine}[ and {with_medicine} together]
        My pills are called {medicine}[ and {with_medicine}]. What are they for?
        Look up the drug {medicine}[ and how it goes with {with_medicine}]
        Would you tell me how to use {medicine}[ next to {with_medicine}]?
    """),
    "complete_task": lines("""
        Mark the task "{task}" as done
        The task "{task}" is finished
        I have done "{task}", check it off
        Set "{task}" to done
        Tick off "{task}" on my list
        "{task}" is done
        done with "{task}"
        Could you mark "{task}" as completed?
        I completed the task "{task}"
        Check the task "{task}" off my to-do list
        Cross "{task}" off the list
        My task "{task}" is complete now
        Please set the to-do "{task}" to finished
        I'm through with "{task}", mark it done
        Finish the task "{task}" on my list
        Strike "{task}" from my tasks, it's done
        The to-do "{task}" can be marked as done
        Would you check off the to-do item "{task}"?
    """),
    "convert_time_zone": lines("""
        What time is {time} {from_zone} in {to_zone}?
        When it is {time} in {from_zone}, what time is it in {to_zone}?
        Convert the time {time} from {from_zone} into {to_zone}
        {time} in {from_zone}, what is it in {to_zone}?
        Give me {time} {from_zone} in {to_zone} time
        time zone: {time} {from_zone} in {to_zone}
        How late is {time} {from_zone} in {to_zone}?
        Could you convert {time} {from_zone} to {to_zone} for me?
        The meeting is at {time} in {from_zone}. What time is that in {to_zone}?
        What is the {from_zone} time {time} in the zone {to_zone}?
        Turn {time} of {from_zone} into {to_zone} time
        Which time in {to_zone} is {time} in {from_zone}?
        It is {time} in {from_zone} now; what time is it in {to_zone}?
        Please calculate {time} {from_zone} in the time zone {to_zone}
        My flight leaves at {time} {from_zone}. When is it in {to_zone}?
    """),
}
